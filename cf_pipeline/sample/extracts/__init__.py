"""What a delivery shows of the synthetic case system, list by list."""
