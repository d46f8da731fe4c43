"""Dagster assets, checks, jobs, schedule and sensor: thin bodies that call the domain."""
