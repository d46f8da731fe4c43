"""How a figure differs from its references, and the phrase for the difference.

Belongs here: exact comparison of measured figures, and the words for it.
Does not belong here: measuring, forecasting, published figures of other places, the committee's headlines.
"""

from cf_pipeline.compare.comparisons import kpi_comparisons
from cf_pipeline.compare.differences import DEFAULT_WORDING_LIMITS, Difference, WordingLimits

__all__ = ["DEFAULT_WORDING_LIMITS", "Difference", "WordingLimits", "kpi_comparisons"]
