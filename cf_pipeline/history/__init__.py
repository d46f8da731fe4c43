"""Deliveries of one authority merged into one history a list.

Belongs here: natural keys, which delivery's row counts, what vanished, derived columns, coverage.
Does not belong here: reading cells, counting KPIs.
"""

from cf_pipeline.history.core import Core, merge
from cf_pipeline.history.people_of_issues import issue_people

__all__ = ["Core", "issue_people", "merge"]
