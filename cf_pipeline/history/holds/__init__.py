"""Deliveries that cannot be true: the checks of plausibility, and what holding a delivery does."""
