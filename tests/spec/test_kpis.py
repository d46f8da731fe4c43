"""Each KPI by example: the tables are in `examples/`, a module for each file of the registry.

Explanations of figures are tested on the same tables here, because making the tables takes the longest.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest

from cf_pipeline.contracts.dates.quarters import Quarter
from cf_pipeline.kpi.definitions.registry import FOLDER, RegistryFile, load_registry, read_files
from cf_pipeline.kpi.lineage.explain import ExplainedSide, explain_figure
from cf_pipeline.kpi.measure.quarterly import measure_kpis
from tests.spec.casebook import AUTHORITY
from tests.spec.example_figures import ALL, EXAMPLES, example_tables, measure_example

REGISTRY = load_registry()
STORED_SIDE = {"numerator": "numerator", "denominator": "denominator", "values": "denominator"}
"""The stored side of each explained one: the values of a median or average are its denominator."""

FIRST_STEPS = ("in the history", "counted in any of the lists")
"""Steps that start with rows of their own."""


@pytest.mark.parametrize("position", range(len(ALL)), ids=[f"{e.kpi_id}: {e.title}" for e in ALL])
def test_the_figures_are_those_worked_out_by_eye(position: int) -> None:
    assert measure_example(position, REGISTRY) == dict(ALL[position].expect)


@pytest.mark.parametrize("file", read_files(FOLDER), ids=lambda file: file.name)
def test_the_examples_of_a_registry_file_are_in_the_module_of_its_name(file: RegistryFile) -> None:
    assert {example.kpi_id for example in EXAMPLES[file.name]} == {record["id"] for record in file.records}


def test_every_example_module_has_a_registry_file() -> None:
    modules = {path.stem for path in (Path(__file__).parent / "examples").glob("*.py")}
    assert modules - {"__init__"} == set(EXAMPLES)


def explained_quarters(kpi_id: str) -> Iterator[tuple[pd.DataFrame, list[ExplainedSide]]]:
    """Each quarter that a KPI's examples expect: its figures (total or bands) and their explanation."""
    kpi = replace(REGISTRY[kpi_id], breakdowns=())
    for position, example in enumerate(ALL):
        if example.kpi_id != kpi_id:
            continue
        tables = example_tables(position)
        facts = measure_kpis(tables, REGISTRY | {kpi_id: kpi}, AUTHORITY, [kpi_id], ["quarter"])
        for key in {" ".join(expected.split()[:2]) for expected in example.expect}:
            sides = explain_figure(tables, REGISTRY, kpi, Quarter.parse(key), "quarter")
            yield facts[facts["quarter_key"].eq(key)], sides


@pytest.mark.parametrize("kpi_id", REGISTRY)
def test_what_is_counted_last_is_the_stored_numerator_and_denominator(kpi_id: str) -> None:
    kpi, compared = REGISTRY[kpi_id], 0
    for figures, sides in explained_quarters(kpi_id):
        for side in sides:
            check_steps_add_up(side)
            stored = figures[STORED_SIDE[side.role]].dropna()
            if stored.empty:
                continue
            is_shared_out = kpi.band is not None and side.role == "numerator"
            assert side.amount == (stored.sum() if is_shared_out else stored.iloc[0])
            if kpi.kind == "average":
                assert side.column_sum is not None
                assert side.column_sum.total == figures["numerator"].iloc[0]
            compared += 1
    assert compared


def check_steps_add_up(side: ExplainedSide) -> None:
    """The steps end with the records counted; each leaves out what the one before had more."""
    assert side.steps[-1].rows == side.records
    assert side.steps[0].left_out == 0
    for before, step in pairwise(side.steps):
        assert step.left_out >= 0
        assert step.left_out == (0 if step.words in FIRST_STEPS else before.rows - step.rows)
