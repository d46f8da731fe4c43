"""The examples of the KPIs, and the figures that a registry gives for them."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from importlib import import_module
from typing import Any

import pandas as pd

from cf_pipeline.kpi.definitions.registry import FOLDER, POPULATION, Kpi, read_files
from cf_pipeline.kpi.measure.quarterly import measure_kpis
from tests.spec.casebook import AUTHORITY, core, figure
from tests.spec.examples import Example

EXAMPLES: dict[str, list[Example]] = {
    file.name: import_module(f"tests.spec.examples.{file.name}").EXAMPLES for file in read_files(FOLDER)
}
"""The examples of the KPIs of each registry file, by its name."""
ALL: list[Example] = [example for examples in EXAMPLES.values() for example in examples]


@cache
def example_tables(position: int) -> dict[str, pd.DataFrame]:
    """The merged core of one example, and its population."""
    known = ALL[position].population.items()
    population = pd.DataFrame(known, columns=["mid_year", "persons"], dtype="Int64")
    return core(*ALL[position].deliveries).tables | {POPULATION: population}


def measure_example(position: int, registry: dict[str, Kpi]) -> dict[str, Any]:
    """The figures a registry gives for what an example expects, in the example's own shape."""
    example = ALL[position]
    kpi = replace(registry[example.kpi_id], breakdowns=())
    bases = {basis_of(key) for key in example.expect}
    facts = measure_kpis(
        example_tables(position), registry | {kpi.id: kpi}, AUTHORITY, [kpi.id], sorted(bases)
    )
    found = {}
    for key in example.expect:
        quarter, _, rest = key.partition(" Q")
        number, _, word = rest.partition(" ")
        basis = basis_of(key)
        band = word if word and word != basis else None
        where = ("band", band) if band else ("total", "all")
        above, below, symbol = figure(facts, example.kpi_id, f"{quarter} Q{number}", basis, *where)
        above = None if above is None else float(above)
        found[key] = symbol or (above if below is None else (above, below))
    return found


def basis_of(key: str) -> str:
    """The basis an expectation is about."""
    word = key.rpartition(" ")[2]
    return word if word in ("ytd", "year") else "quarter"
