"""What `v_kpi_change` says of two totals: better or worse, by how much, and whether chance explains it."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from cf_pipeline.warehouse import publish_tables, read_table
from tests.support import publication_example as example

BEFORE, NOW = "2019/20 Q2", "2019/20 Q3"
CASES = [
    # KPI, the quarter before, this quarter, change, standard errors, chance
    ("contacts_count", (100,), (100,), "same", 0, "within chance"),
    ("contacts_count", (100,), (90,), "lower", -10 / 190**0.5, "within chance"),
    ("contacts_count", (100,), (130,), "higher", 30 / 230**0.5, "at the edge of chance"),
    ("contacts_count", (100,), (150,), "higher", 50 / 250**0.5, "beyond chance"),
    ("contacts_count", (4,), (5,), "higher", 1 / 9**0.5, "too few to judge"),
    ("contacts_1wd_pct", (50, 100), (80, 100), "better", 0.3 / (0.65 * 0.35 / 50) ** 0.5, "beyond chance"),
    ("contacts_1wd_pct", (80, 100), (79, 100), "worse", -0.01 / (0.795 * 0.205 / 50) ** 0.5, "within chance"),
    ("contacts_1wd_pct", (9, 10), (10, 10), "better", 0.1 / (0.95 * 0.05 / 5) ** 0.5, "too few to judge"),
    ("contacts_1wd_pct", (10, 10), (10, 10), "same", None, "too few to judge"),
    ("cin_open_stock", (27,), (60,), "higher", None, "not judged"),
]


@pytest.mark.parametrize(("kpi_id", "before", "now", "change", "errors", "chance"), CASES)
def test_a_change_and_what_chance_says_of_it(
    tmp_path: Path, kpi_id: str, before: tuple, now: tuple, change: str, errors: float | None, chance: str
) -> None:
    row = view_row(tmp_path, kpi_id, before, now)
    assert (row["change"], row["chance"]) == (change, chance)
    if errors is None:
        assert pd.isna(row["standard_errors"])
    else:
        assert row["standard_errors"] == pytest.approx(errors)


def test_the_size_of_a_change_is_in_the_unit_of_the_kpi_and_in_percent_of_the_earlier_total(
    tmp_path: Path,
) -> None:
    row = view_row(tmp_path, "contacts_1wd_pct", (50, 100), (60, 100))
    assert (row["reference"], row["value"], row["difference"], row["difference_pct"]) == (50, 60, 10, 20)


def test_nothing_is_a_share_of_nothing(tmp_path: Path) -> None:
    row = view_row(tmp_path, "contacts_count", (0,), (12,))
    assert row["difference"] == 12
    assert pd.isna(row["difference_pct"])


def view_row(folder: Path, kpi_id: str, before: tuple, now: tuple) -> pd.Series:
    """The row of the view that compares a quarter with the one before."""
    rows = [example.row(kpi_id, BEFORE, "quarter", *before), example.row(kpi_id, NOW, "quarter", *now)]
    types = example.kpi_quarterly().dtypes
    url = f"duckdb:///{folder}/published.duckdb"
    publish_tables(url, example.tables(kpi_quarterly=pd.DataFrame(rows).astype(types)))
    found = read_table(url, "v_kpi_change", {"kpi_id": kpi_id, "against": "previous_quarter"})
    assert found["quarter_key"].tolist() == [NOW]
    return found.iloc[0]
