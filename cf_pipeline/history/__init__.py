"""Deliveries of one authority merged into one history a list.

Belongs here: natural keys, which delivery's row counts, what vanished, derived columns, coverage.
Does not belong here: reading cells, counting KPIs.
"""

from cf_pipeline.history.core import Core, merge

__all__ = ["Core", "merge"]
