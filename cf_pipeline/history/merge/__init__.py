"""Merge the deliveries of one authority into one history a list."""
