"""How Dagster takes part in watching a project: what its records say, and the sensor that tells alerts."""
