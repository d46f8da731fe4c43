"""Clean ingested lists into typed, coded and validated rows, with issues and quarantined rows.

Belongs here: what a cell means, which rules a row breaks.
Does not belong here: reading files, merging deliveries, counting KPIs.
"""

from cf_pipeline.clean.deliveries import CleanedLists, clean_lists
from cf_pipeline.clean.lists import ContractError

__all__ = ["CleanedLists", "ContractError", "clean_lists"]
