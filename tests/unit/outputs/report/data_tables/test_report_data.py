"""The figures as data: every number is a published one, a hidden figure is its symbol, notes say why."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import pytest

from cf_pipeline.contracts.dates.quarters import Quarter
from cf_pipeline.contracts.tables import table_contract
from cf_pipeline.outputs.report.content import report_content
from cf_pipeline.outputs.report.data_tables.breakdowns import breakdown_rows
from cf_pipeline.outputs.report.data_tables.symbols import figures_or_symbols
from cf_pipeline.outputs.report.editions import COMMITTEE, INTERNAL, PUBLIC
from cf_pipeline.outputs.report.formats.excel import render_excel
from cf_pipeline.outputs.report.model import ReportData, ReportEdition
from tests.support import public_example
from tests.support import publication_example as example
from tests.support.published_tables import with_views
from tests.support.released_numbers import released_figures
from tests.support.report_example import LIMITS
from tests.support.workbook_tables import is_number, numbers_in, open_workbook

RELEASED = with_views(public_example.tables(), "v_kpi_change")


def data_of(tables: Mapping[str, pd.DataFrame], edition: ReportEdition = INTERNAL) -> ReportData:
    report = report_content(tables, example.CODE, wording_limits=LIMITS, edition=edition, has_data=True)
    assert report.data is not None
    return report.data


def frame(data: ReportData, name: str) -> pd.DataFrame:
    (table,) = (each for each in data.tables if each.name == name)
    return table.frame


def row_of(rows: pd.DataFrame, **cells: object) -> dict[str, object]:
    for name, cell in cells.items():
        rows = rows[rows[name.replace("_", " ")].eq(cell)]
    (row,) = rows.to_dict("records")
    return row


def titles(tables: Mapping[str, pd.DataFrame]) -> dict[str, str]:
    return dict(zip(tables["dim_kpi"]["kpi_id"], tables["dim_kpi"]["title"], strict=True))


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    target = {"authority_code": example.CODE, "kpi_id": "assess_45wd_pct", "value": 90.0, "is_own": True}
    targets = table_contract("published_v1/fact_target")
    found = targets.cast(pd.DataFrame([target]).reindex(columns=targets.column_names))
    year_ago = example.row("contacts_count", "2018/19 Q3", "quarter", 70)
    figures = pd.concat([example.kpi_quarterly(), pd.DataFrame([year_ago])], ignore_index=True)
    figures = figures.astype(example.kpi_quarterly().dtypes.to_dict())
    return example.report_tables(kpi_quarterly=figures) | {"fact_target": found}


def test_every_quarter_and_year_of_a_measure_is_a_row_with_the_published_numbers(
    tables: Mapping[str, pd.DataFrame],
) -> None:
    data, names = data_of(tables), titles(tables)
    facts = tables["fact_kpi_quarterly"].query("breakdown == 'total'")
    for basis, name, column in (("quarter", "quarters", "Quarter"), ("year", "years", "Financial year")):
        rows = frame(data, name)
        published = facts[facts["basis"].eq(basis)]
        assert len(rows) == len(published) > 0
        for fact in published.itertuples():
            period = fact.quarter_key if basis == "quarter" else fact.quarter_key.split(" ")[0]
            row = rows[rows["Measure"].eq(names[fact.kpi_id]) & rows[column].eq(period)].iloc[0]
            for cell, known in (("Value", fact.value), ("Numerator", fact.numerator)):
                assert row[cell] == known if not pd.isna(known) else not is_number(row[cell])


def test_the_latest_quarter_has_beside_each_figure_what_the_report_shows(
    tables: Mapping[str, pd.DataFrame],
) -> None:
    row = row_of(frame(data_of(tables), "latest_quarter"), Measure=titles(tables)["assess_45wd_pct"])
    assert (row["Value"], row["Numerator"], row["Denominator"]) == (57.5, 23, 40)
    assert (row["Year to date"], row["Last year"]) == (80, 100 * 85 / 105)
    assert (row["Target"], row["Year-end forecast"]) == (90, 80)
    assert (row["London"], row["London: year to March"]) == (83, 2019)
    assert (row["Same quarter last year"], row["Unit"]) == ("[x]", "per cent")


def test_a_count_has_no_denominator_and_is_never_compared(tables: Mapping[str, pd.DataFrame]) -> None:
    row = row_of(frame(data_of(tables), "latest_quarter"), Measure=titles(tables)["contacts_count"])
    assert (row["Value"], row["Denominator"], row["London"]) == (77, "[z]", "[z]")
    assert row["Same quarter last year"] == 70


def test_the_reason_of_a_missing_figure_is_a_numbered_note(tables: Mapping[str, pd.DataFrame]) -> None:
    data = data_of(tables)
    row = row_of(frame(data, "latest_quarter"), Measure=titles(tables)["cla_3plus_placements_count"])
    assert row["Value"] == "[x]"
    note = row_of(frame(data, "notes"), Symbol_or_note=row["Note"])
    assert note["Meaning"] == "The deliveries do not cover this period: nothing was received for it."


@pytest.mark.parametrize(
    ("symbol", "numerator", "cells"),
    [
        (None, 3.0, (75.0, 3.0, 4.0)),
        ("c", None, ("[c]", "[c]", "[c]")),
        ("c", 3.0, ("[c]", "[c]", "[c]")),
        ("z", 0.0, ("[z]", 0.0, 4.0)),
        ("x", None, ("[x]", "[x]", 4.0)),
        ("k", None, ("[low]", "[low]", 4.0)),
        ("u", None, ("[u]", "[u]", 4.0)),
    ],
)
def test_a_symbol_stands_for_a_figure_and_a_hidden_one_leaves_nothing(
    symbol: str | None, numerator: float | None, cells: tuple[object, ...]
) -> None:
    figures = pd.DataFrame(
        {"symbol": pd.array([symbol], dtype="str"), "value": [None if numerator is None else 75.0]}
    ).assign(numerator=numerator, denominator=4.0)
    found = figures_or_symbols(figures, pd.Series(["percentage"]))
    assert tuple(found[["value", "numerator", "denominator"]].iloc[0]) == cells


def test_a_breakdown_has_five_quarters_and_no_category_without_a_case() -> None:
    quarter = Quarter.parse("2019/20 Q3")
    rows = [
        {"kpi_id": "a", "quarter_key": quarter.previous(back).key, "category_key": key, "numerator": count}
        for back in range(6)
        for key, count in (("age:1", int(back == 0)), ("age:2", int(back == 5)), ("age:3", None))
    ]
    figures = pd.DataFrame(rows).assign(
        basis="quarter", breakdown="age", value=None, symbol=pd.array([None] * len(rows), dtype="str")
    )
    figures = figures.astype({"numerator": "Float64", "value": "Float64"})
    found = breakdown_rows(figures, quarter)
    assert set(found["category_key"]) == {"age:1"}
    assert sorted(found["quarter_key"]) == [quarter.previous(back).key for back in reversed(range(5))]
    hidden = figures.assign(symbol=figures["symbol"].mask(figures["category_key"].eq("age:3"), "c"))
    assert set(breakdown_rows(hidden, quarter)["category_key"]) == {"age:1", "age:3"}


@pytest.mark.parametrize("edition", [COMMITTEE, PUBLIC], ids=lambda edition: edition.name)
def test_every_number_of_a_released_workbook_stands_in_the_release(edition: ReportEdition) -> None:
    report = report_content(RELEASED, example.CODE, wording_limits=LIMITS, edition=edition, has_data=True)
    known = released_figures(RELEASED)
    found = set(numbers_in(open_workbook(render_excel(report))))
    assert len(found) > 20
    assert found <= known


def test_a_hidden_figure_is_its_symbol_in_every_sheet() -> None:
    data, names = data_of(RELEASED, PUBLIC), titles(RELEASED)
    labels = RELEASED["dim_category"].set_index("category_key")["label"]
    hidden = RELEASED["fact_kpi_quarterly"].query("symbol == 'c'")
    split = hidden[hidden["breakdown"].ne("total")]
    assert len(split) == 4
    for fact in split.itertuples():
        rows = frame(data, f"by_{fact.breakdown}")
        row = row_of(rows, Measure=names[fact.kpi_id], Category=labels[fact.category_key])
        assert (row["Value"], row["Numerator"], row["Denominator"]) == ("[c]", "[c]", "[z]")
    whole = frame(data, "quarters")
    row = row_of(whole, Measure=names[public_example.HIDDEN_KPI], Quarter="2019/20 Q2")
    assert (row["Value"], row["Numerator"], row["Denominator"]) == ("[c]", "[c]", "[c]")


def test_what_follows_from_rounded_figures_of_a_release_has_the_digits_of_its_papers() -> None:
    rows = frame(data_of(RELEASED, PUBLIC), "latest_quarter")
    for name in ("Year-end forecast", "Last year"):
        numbers = [cell for cell in rows[name] if is_number(cell)]
        assert numbers and all(number == int(number) for number in numbers)
    internal = frame(data_of(example.report_tables()), "latest_quarter")
    assert "Same quarter last year" not in internal.columns  # no measure has one
    assert 247 * 4 / 3 in list(internal["Year-end forecast"])


def test_of_a_measure_shown_by_its_year_the_years_are_there() -> None:
    data = data_of(RELEASED, PUBLIC)
    title = titles(RELEASED)[public_example.YEAR_KPI]
    assert title not in set(frame(data, "quarters")["Measure"])
    assert row_of(frame(data, "years"), Measure=title, Financial_year="2018/19")["Value"] == 14


def test_with_every_figure_hidden_no_number_is_left() -> None:
    everything = with_views(public_example.tables_with_everything_hidden(), "v_kpi_change")
    data = data_of(everything, PUBLIC)
    for table in data.tables:
        cells = [cell for column in (*table.figures, *table.counts) for cell in table.frame[column]]
        assert not any(map(is_number, cells)), table.name
    assert "Target" not in frame(data, "latest_quarter").columns
