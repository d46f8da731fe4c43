"""How a figure differs from its references, and the phrase for the difference.

Belongs here: exact comparison of figures already measured, and the words for it.
Does not belong here: measuring, forecasting, published figures of other places, the committee's headlines.
"""

from cf_pipeline.compare.comparisons import comparisons
from cf_pipeline.compare.differences import DEFAULT_BANDS, Band, Bands

__all__ = ["DEFAULT_BANDS", "Band", "Bands", "comparisons"]
