"""Published figures of other places: open data of DfE and ONS, and statistical neighbours.

Belongs here: reading published files, which release is current, the median of the neighbours.
Does not belong here: comparing a figure with them and wording the difference; that is `compare`.
"""

from cf_pipeline.comparators.neighbours import combine_neighbours
from cf_pipeline.comparators.releases import (
    authority_population,
    combine_releases,
    population_estimates,
    select_current,
)

__all__ = [
    "authority_population",
    "combine_neighbours",
    "combine_releases",
    "population_estimates",
    "select_current",
]
