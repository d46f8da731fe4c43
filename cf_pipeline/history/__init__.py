"""Deliveries of one authority merged into one history a list.

Belongs here: natural keys, which delivery's row counts, what vanished, derived columns, coverage.
Does not belong here: reading cells, counting KPIs.
"""

from cf_pipeline.history.issues_by_child import issue_people
from cf_pipeline.history.merge.core import Core, history, merge
from cf_pipeline.history.merge.delivered_rows import Supplied, supplied

__all__ = ["Core", "Supplied", "history", "issue_people", "merge", "supplied"]
