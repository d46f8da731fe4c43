"""Whether a registry gives the figures an example expects."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import pandas as pd
from casebook import AUTHORITY, core, figure
from examples import Example
from examples_adoption import EXAMPLES as ADOPTION
from examples_care import EXAMPLES as CARE
from examples_care_checks import EXAMPLES as CARE_CHECKS
from examples_care_leavers import EXAMPLES as CARE_LEAVERS
from examples_front_door import EXAMPLES as FRONT_DOOR
from examples_in_care import EXAMPLES as IN_CARE
from examples_in_need_and_protection import EXAMPLES as PROTECTION
from examples_missing import EXAMPLES as MISSING
from examples_workforce import EXAMPLES as WORKFORCE

from cf_pipeline.kpi.measure import POPULATION, measure
from cf_pipeline.kpi.registry import Kpi

ALL: list[Example] = [
    *FRONT_DOOR,
    *PROTECTION,
    *CARE,
    *IN_CARE,
    *CARE_CHECKS,
    *MISSING,
    *CARE_LEAVERS,
    *ADOPTION,
    *WORKFORCE,
]


@cache
def tables_of(position: int) -> dict[str, pd.DataFrame]:
    """The merged core of one example, and its population."""
    known = ALL[position].population.items()
    population = pd.DataFrame(known, columns=["mid_year", "persons"], dtype="Int64")
    return core(*ALL[position].deliveries).tables | {POPULATION: population}


def measured(position: int, registry: dict[str, Kpi]) -> dict[str, Any]:
    """The figures a registry gives for what an example expects, in the example's own shape."""
    example = ALL[position]
    kpi = replace(registry[example.kpi_id], breakdowns=())
    bases = {basis_of(key) for key in example.expect}
    facts = measure(tables_of(position), registry | {kpi.id: kpi}, AUTHORITY, [kpi.id], sorted(bases))
    found = {}
    for key in example.expect:
        quarter, _, rest = key.partition(" Q")
        number, _, word = rest.partition(" ")
        basis = basis_of(key)
        band = word if word and word != basis else None
        where = ("band", band) if band else ("total", "all")
        above, below, symbol = figure(facts, example.kpi_id, f"{quarter} Q{number}", basis, *where)
        found[key] = symbol or (above if below is None else (above, below))
    return found


def basis_of(key: str) -> str:
    """The basis an expectation is about."""
    word = key.rpartition(" ")[2]
    return word if word in ("ytd", "year") else "quarter"
