"""The extracts of the synthetic case system: the rows of each list in a delivery."""
