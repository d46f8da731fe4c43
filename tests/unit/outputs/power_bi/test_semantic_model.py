"""The semantic model equals the contract: relationships, hidden keys, order, and what measures refer to."""

from __future__ import annotations

import itertools
import re

import pytest

from cf_pipeline.contracts.tables import TableColumn, TableContract
from cf_pipeline.kpi.definitions.registry import load_registry
from cf_pipeline.outputs.power_bi.semantic_model import (
    ADDED_COLUMNS,
    DATES,
    SORT_BY,
    TECHNICAL_TABLES,
    is_hidden,
    measures,
    relationships,
)
from cf_pipeline.warehouse.tables.schemas import PUBLISHED

TABLES = list(PUBLISHED.contracts.values())
COLUMNS = {
    (contract.name, column)
    for contract in TABLES
    for column in (*contract.column_names, *(name for name, *_ in ADDED_COLUMNS.get(contract.name, ())))
}
FUNCTIONS = {
    *("CALCULATE", "CALCULATETABLE", "COUNTROWS", "DATE", "DIVIDE", "FILTER", "HASONEVALUE", "IF", "ISBLANK"),
    *("ISFILTERED", "MAX", "MAXX", "REMOVEFILTERS", "SELECTEDVALUE", "SUM", "SUMX", "SWITCH", "TRUE"),
}
"""The functions of DAX that the measures use."""


def reach(table: str, found) -> list[str]:
    """Every table that a filter on a table arrives at, once for each way."""
    near = [each.table for each in found if each.is_active and each.to_table == table]
    return [end for name in near for end in (name, *reach(name, found))]


def test_the_relationships_are_the_references_of_the_contract_each_of_one_column():
    found = {(each.table, each.column, each.to_table, each.to_column) for each in relationships(TABLES)}
    assert found == {
        (contract.name, column.name, column.references, *PUBLISHED.contracts[column.references].key)
        for contract in TABLES
        for column in contract.columns
        if column.references
    }


def test_a_filter_goes_one_way_only_from_any_table_to_any_other():
    found = relationships(TABLES)
    for contract in TABLES:
        ends = reach(contract.name, found)
        assert len(ends) == len(set(ends)), contract.name


def test_every_fact_is_filtered_by_every_dimension_it_refers_to():
    active = {(each.table, each.to_table) for each in relationships(TABLES) if each.is_active}
    referred = {(each.table, each.to_table) for each in relationships(TABLES)}
    assert active == referred


def test_of_two_ways_to_one_table_the_one_named_as_the_key_is_used():
    def column(name, references=None, is_key=False):
        return TableColumn(name, "string", "words", references=references, is_key=is_key)

    tables = [
        TableContract("s", "dim", "Dim", (column("code", is_key=True),)),
        TableContract("s", "fact", "Fact", (column("another_code", "dim"), column("code", "dim"))),
    ]
    assert [(each.column, each.is_active) for each in relationships(tables)] == [
        ("another_code", False),
        ("code", True),
    ]


def test_a_second_way_through_a_dimension_is_not_used():
    def column(name, references=None, is_key=False):
        return TableColumn(name, "string", "words", references=references, is_key=is_key)

    tables = [
        TableContract("s", "country", "Country", (column("land", is_key=True),)),
        TableContract("s", "place", "Place", (column("town", is_key=True), column("land", "country"))),
        TableContract("s", "visits", "Visits", (column("land", "country"), column("town", "place"))),
    ]
    found = relationships(tables)
    assert len([each for each in found if not each.is_active]) == 1
    assert sorted(reach("country", found)) == ["place", "visits"]


def test_what_leads_to_another_table_is_hidden_and_what_is_shown_is_not():
    hidden = {
        (contract.name, column.name)
        for contract in TABLES
        for column in contract.columns
        if is_hidden(contract, column)
    }
    assert {
        ("fact_kpi_quarterly", name) for name in ("kpi_id", "quarter_key", "breakdown", "category")
    } <= hidden
    assert not hidden & {
        ("fact_kpi_quarterly", "value"),
        ("fact_kpi_quarterly", "basis"),
        ("dim_kpi", "kpi_id"),
        ("dim_category", "breakdown"),
        ("fact_kpi_by_team", "team"),
        ("fact_kpi_comparison", "year_ending"),
    }


def test_columns_that_put_others_in_order_exist():
    assert {(table, column) for (table, column) in SORT_BY} | set(
        zip((table for table, _ in SORT_BY), SORT_BY.values(), strict=True)
    ) <= COLUMNS
    assert {DATES, *TECHNICAL_TABLES, *ADDED_COLUMNS} <= set(PUBLISHED.contracts)
    assert PUBLISHED.contracts[DATES].key == ["date"]


def test_a_title_of_a_kpi_has_one_place():
    titles = [kpi.title for kpi in load_registry().values()]
    assert len(titles) == len(set(titles))


@pytest.mark.parametrize("measure", measures(), ids=lambda measure: measure.name)
def test_a_measure_refers_to_what_is_there(measure):
    names = {each.name for each in measures()}
    expression = re.sub(r'"[^"]*"', '""', measure.expression)
    assert set(re.findall(r"(\w+)\[(\w+)\]", expression)) <= COLUMNS
    assert set(re.findall(r"(?<!\w)\[([^\]]+)\]", expression)) <= names - {measure.name}
    assert set(re.findall(r"\b([A-Za-z]+) \(", expression)) <= FUNCTIONS
    declared = re.findall(r"VAR (\w+) =", expression)
    assert set(re.findall(r"(?<!\w)_\w+", expression)) == set(declared)
    assert len(declared) == len(set(declared))
    for table in re.findall(
        r"(?:REMOVEFILTERS|ISFILTERED|CALCULATETABLE|FILTER) \( ([a-z]\w*)(?!\[|\w)", expression
    ):
        assert table in PUBLISHED.contracts
    depth = [0, *itertools.accumulate({"(": 1, ")": -1}.get(sign, 0) for sign in expression)]
    assert min(depth) == 0 == depth[-1]


def test_measures_are_named_once_and_not_as_a_column_of_their_table():
    names = [measure.name.casefold() for measure in measures()]
    assert len(names) == len(set(names))
    for measure in measures():
        columns = {column for table, column in COLUMNS if table == measure.table}
        assert columns
        assert measure.name.casefold() not in columns
        assert measure.description.endswith(".")


@pytest.mark.parametrize("name", ["KPI value", "KPI value by month"])
def test_percentages_are_ratios_of_sums(name):
    (measure,) = [each for each in measures() if each.name == name]
    assert not re.search(r"(SUMX?|AVERAGEX?) \([^)]*\[value\]", measure.expression)
    assert re.search(r'"percentage", 100 \* DIVIDE', measure.expression)


def test_every_kind_of_kpi_is_added_divided_or_shown_alone():
    (measure,) = [each for each in measures() if each.name == "KPI value"]
    kinds = set(re.findall(r'"(\w+)", (?:_numerator|100|10000)', measure.expression))
    assert {kpi.kind for kpi in load_registry().values()} - kinds == {"median_days", "average"}
