"""Text cells to typed, coded and validated rows; what is wrong with them, and rows set aside.

Belongs here: what a cell means, which rules a row breaks.
Does not belong here: reading files, merging deliveries, counting KPIs.
"""

from cf_pipeline.clean.lists import Cleaned, ContractError, clean

__all__ = ["Cleaned", "ContractError", "clean"]
