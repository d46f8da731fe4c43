"""What Dagster's pages show of a table: its newest totals, and nothing of one child."""

from __future__ import annotations

import pandas as pd
import pytest

from assets.pages.previews import MOST_ROWS, PREVIEWS, Preview, markdown_table, preview_metadata, preview_text
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.project import lake_layout
from cf_pipeline.project.lake_tables import lake_table
from cf_pipeline.warehouse.tables.schemas import PUBLISHED, RESTRICTED

BY_QUARTER = Preview(("kpi_id", "value"), {"breakdown": "total"}, ("quarter_key",))
FIGURES = pd.DataFrame(
    [
        ("2019/20 Q2", "contacts_count", "total", 90),
        ("2019/20 Q3", "contacts_count", "total", 77),
        ("2019/20 Q3", "contacts_count", "gender", 40),
        ("2019/20 Q3", "no_headline_count", "total", 1),
    ],
    columns=["quarter_key", "kpi_id", "breakdown", "value"],
)


def lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line]


def test_the_newest_totals_of_the_kpis_of_the_headlines_are_shown() -> None:
    assert lines(preview_text(FIGURES, BY_QUARTER)) == [
        "quarter_key 2019/20 Q3, 1 of 4 rows:",
        "|kpi_id|value|",
        "|-|-|",
        "|contacts_count|77|",
    ]


def test_a_table_without_such_rows_says_so() -> None:
    assert lines(preview_text(FIGURES.head(0), BY_QUARTER))[0] == "0 of 0 rows:"
    assert lines(preview_text(FIGURES.tail(1), BY_QUARTER))[0] == "0 of 1 rows:"


def test_a_long_table_is_shown_in_part() -> None:
    text = preview_text(pd.DataFrame({"table": ["fact"] * 40, "rows": range(40)}), Preview(("table", "rows")))
    assert lines(text)[0] == f"{MOST_ROWS} of 40 rows:"
    assert len(lines(text)) == MOST_ROWS + 3


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (57.25, "57.3"),
        (70.0, "70"),
        (1370, "1,370"),
        (-0.04, "0"),
        (None, ""),
        (pd.NA, ""),
        ("a | b\nc", "a \\| b c"),
    ],
)
def test_cells_are_written_as_readers_see_figures(value: object, cell: str) -> None:
    assert markdown_table(pd.DataFrame({"value": [value]})).splitlines()[-1] == f"|{cell}|"


def test_the_tables_of_figures_have_a_preview_and_others_none() -> None:
    assert preview_metadata(lake_layout.clean_list("contacts"), FIGURES) == {}
    assert preview_metadata(lake_layout.MEMBERS, FIGURES) == {}
    assert preview_metadata(lake_layout.BY_TEAM, FIGURES) == {}
    assert {"headlines", "quarterly", "forecast", "control_limits", "comparison"} <= {
        name for _, name in PREVIEWS
    }


@pytest.mark.parametrize("key", PREVIEWS, ids="/".join)
def test_no_column_shown_is_one_of_a_child_or_record(key: tuple[str, str]) -> None:
    """What a list, or a table of records, has and no published table has, is shown of no table."""
    of_records = {name for contract in list_contracts().values() for name in contract.dtypes}
    for table in RESTRICTED.tables.values():
        of_records |= {column.name for column in table.columns}
    of_figures = {column.name for table in PUBLISHED.tables.values() for column in table.columns}
    shown = PREVIEWS[key]
    assert not set(shown.columns) & (of_records - of_figures)
    assert {*shown.columns, *shown.where, *shown.newest} <= set(lake_table(*key).dtypes)


@pytest.mark.parametrize(
    "key", [key for key in PREVIEWS if "breakdown" in lake_table(*key).dtypes], ids="/".join
)
def test_of_breakdowns_the_total_alone_is_shown(key: tuple[str, str]) -> None:
    """A category may be a team, and of a few children."""
    assert PREVIEWS[key].where["breakdown"] == "total"
