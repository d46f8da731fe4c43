"""`cf-pipeline serve`: the dashboard over the warehouse, and the log of who read records."""
