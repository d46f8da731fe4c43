"""Published figures of other places: DfE and ONS open data, statistical neighbours.

Belongs here: reading published files, which release is in use, the median of the neighbours.
Does not belong here: wording a difference; that is `compare`.
"""

from cf_pipeline.comparators.current import comparators, current, population, population_of

__all__ = ["comparators", "current", "population", "population_of"]
