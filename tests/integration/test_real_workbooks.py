"""The whole way with real workbooks: every row is accounted for, and a report comes out."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from cf_pipeline import warehouse
from cf_pipeline.contracts.lists import list_contracts
from tests.integration.published_paper import run_in


@pytest.mark.samples
@pytest.mark.parametrize(
    ("file", "authority", "as_at", "quarter", "rows"),
    [
        ("liia_2022_Annex_A.xlsx", "hackney", "2021-03-16", "2020/21 Q3", (5, 5, 6, 5, 5, 5, 7, 5, 6, 5, 5)),
        ("ofsted_layout_2015-01-sample.xlsx", "rutland", "2015-03-31", "2014/15 Q4", (0, 0, 5, *[0] * 8)),
    ],
)
def test_a_real_workbook_is_accounted_for_and_a_report_comes_out(
    samples: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    file: str,
    authority: str,
    as_at: str,
    quarter: str,
    rows,
) -> None:
    folder = tmp_path / "raw" / authority / as_at
    folder.mkdir(parents=True)
    (folder / file).write_bytes((samples / "annex_a" / file).read_bytes())
    assert run_in(tmp_path, monkeypatch) == 0
    ledger = pd.read_parquet(tmp_path / f"data/lake/core/row_ledger/{authority}.parquet")
    read = ledger.set_index("list")["rows_read"]
    annex_a = [contract.name for contract in list_contracts().values() if contract.number]
    assert tuple(read.get(name, 0) for name in annex_a) == rows
    assert (
        ledger["rows_read"] == ledger[["rows_core", "rows_quarantined", "rows_superseded"]].sum(axis=1)
    ).all()
    url = f"duckdb:///{tmp_path}/data/warehouse/published.duckdb"
    authorities = warehouse.read_table(url, "dim_authority", {"has_figures": True})
    assert authorities["latest_quarter_key"].tolist() == [quarter]
    page = (tmp_path / f"data/outputs/{authority}/committee_report.html").read_text(encoding="utf-8")
    assert f"Q{quarter[-1]} {quarter[:7]}" in page
