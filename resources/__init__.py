"""Dagster resources: settings, the lake and the warehouse."""
