"""Comparators, how a change is worded, and the committee's headlines.

Belongs here: exact comparison of figures already measured, and the words for it.
Does not belong here: measuring, forecasting, suppressing, laying out a report.
"""

from cf_pipeline.comparators.current import comparators, current, population, population_of
from cf_pipeline.compare.comparisons import comparisons
from cf_pipeline.compare.differences import DEFAULT_BANDS, Band, Bands

__all__ = [
    "DEFAULT_BANDS",
    "Band",
    "Bands",
    "comparators",
    "comparisons",
    "current",
    "population",
    "population_of",
]
