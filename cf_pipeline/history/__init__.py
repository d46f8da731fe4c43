"""Merge the deliveries of one authority into one history a list (docs/history.md).

Belongs here: natural keys, which delivery's rows count, vanished records, derived columns, coverage.
Does not belong here: reading cells, counting KPIs.
"""

from cf_pipeline.history.issues_by_child import find_issue_people
from cf_pipeline.history.merge.core import Core, merge_delivered_rows, merge_deliveries
from cf_pipeline.history.merge.delivered_rows import DeliveredRows, key_delivered_rows

__all__ = [
    "Core",
    "DeliveredRows",
    "find_issue_people",
    "key_delivered_rows",
    "merge_delivered_rows",
    "merge_deliveries",
]
