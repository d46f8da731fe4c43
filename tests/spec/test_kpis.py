"""Each KPI by example: the tables are in the modules `examples_*`."""

import pytest
from checking import ALL, measured

from cf_pipeline.kpi.registry import load_registry


@pytest.mark.parametrize("position", range(len(ALL)), ids=[f"{e.kpi_id}: {e.title}" for e in ALL])
def test_the_figures_are_those_worked_out_by_eye(position: int) -> None:
    assert measured(position, load_registry()) == dict(ALL[position].expect)


def test_every_kpi_has_an_example() -> None:
    assert {example.kpi_id for example in ALL} == set(load_registry())
