"""Hold implausible deliveries: the plausibility checks, and what holding a delivery does."""
