"""Dagster assets, checks, jobs, schedule and sensor: thin bodies that call the domain."""

import cf_pipeline  # noqa: F401 - says how many threads numpy has, before anything here imports numpy
