"""The domain: case-system spreadsheets to quarterly KPIs, forecasts and a committee report.

Pure functions over DataFrames. Nothing here imports Dagster, and importing this package
loads neither Dagster nor a database driver.
"""

__version__ = "0.1.0"
