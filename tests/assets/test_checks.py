"""A list that breaks its contract, or a row unaccounted for, stops its authority and nobody else."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import dagster as dg
import pandas as pd
import pytest

import assets.clean
import assets.core
from assets.checks import BEATS_PRO_RATA, conservation_result, contract_result, method_result
from cf_pipeline.cli.main import main
from cf_pipeline.contracts.lists import list_contracts
from tests.support.small_deliveries import deliver, deliver_damaged

ROWS_OF_THE_BROKEN = 2
LEDGER = pd.DataFrame(
    {
        "delivery_id": ["2019-12-31", "2019-12-31"],
        "file": ["a.xlsx", "b.xlsx"],
        "list": ["contacts", "referrals"],
        "rows_read": pd.array([5, 4], dtype="Int64"),
        "rows_core": pd.array([3, 2], dtype="Int64"),
        "rows_quarantined": pd.array([1, 1], dtype="Int64"),
        "rows_superseded": pd.array([1, 1], dtype="Int64"),
    }
)


def test_every_row_is_accounted_for() -> None:
    assert conservation_result(LEDGER).passed


@pytest.mark.parametrize("lost", [4, 6])
def test_a_file_whose_rows_do_not_add_up_is_named(lost: int) -> None:
    result = conservation_result(LEDGER.assign(rows_read=pd.array([lost, 4], dtype="Int64")))
    assert not result.passed
    assert "a.xlsx (contacts)" in str(result.description)
    assert "b.xlsx" not in str(result.description)


def test_a_code_outside_its_set_breaks_the_contract_and_is_not_quoted() -> None:
    contacts = list_contracts()["contacts"].empty()
    row = dict.fromkeys(contacts, pd.NA) | {
        "child_id": "1",
        "delivery_id": "d",
        "file": "f",
        "excel_row": 2,
        "as_at": pd.Timestamp("2019-12-31"),
        "gender": "Zebra",
    }
    frame = pd.DataFrame([row]).astype(contacts.dtypes.to_dict())
    result = contract_result("contacts", frame)
    assert not result.passed
    assert "gender" in str(result.description)
    assert "Zebra" not in str(result.description)


def broken_gender(*arguments: Any) -> Any:
    from cf_pipeline.history.holds.hold import clean_accepted

    took = clean_accepted(*arguments)
    cleaned = took.cleaned
    if len(cleaned.lists["contacts"]) == ROWS_OF_THE_BROKEN:
        contacts = cleaned.lists["contacts"].assign(gender="Zebra")
        lists = cleaned.lists | {"contacts": contacts.astype({"gender": "str"})}
        return replace(took, cleaned=replace(cleaned, lists=lists))
    return took


def a_row_short(*arguments: Any, **options: Any) -> Any:
    from cf_pipeline.history.merge.core import merge_deliveries

    merged = merge_deliveries(*arguments, **options)
    ledger = merged.tables["row_ledger"]
    ledger["rows_core"] -= 1
    return merged


def test_a_broken_contract_stops_its_authority_only_and_its_last_good_table_stays(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    deliver(project / "raw", "camden")
    deliver(project / "raw", "hackney", rows=ROWS_OF_THE_BROKEN)
    monkeypatch.setattr(assets.clean, "clean_accepted", broken_gender)
    assert main(["run"]) == 1
    said = capsys.readouterr()
    assert "hackney: check contract of clean/contacts stopped it" in said.err
    assert "Zebra" not in said.out + said.err
    lake = project / "data" / "lake"
    assert (lake / "clean/contacts/camden.parquet").is_file()
    assert (lake / "clean/contacts/hackney.rejected.parquet").is_file()
    assert not (lake / "clean/contacts/hackney.parquet").exists()
    assert [path.name for path in (lake / "core/contacts").iterdir()] == ["camden.parquet"]
    assert (project / "data/outputs/camden/committee_report.html").is_file()


def test_a_row_unaccounted_for_stops_the_authority_before_its_figures(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    deliver(project / "raw", "camden")
    monkeypatch.setattr(assets.core, "merge_deliveries", a_row_short)
    assert main(["run"]) == 1
    assert "Rows are unaccounted for in 2019-12-31/contacts.csv (contacts)" in capsys.readouterr().err
    assert not (project / "data/lake/kpi").exists()


def test_a_method_that_loses_to_pro_rata_is_named_and_nothing_stops() -> None:
    lost = pd.DataFrame({"kpi_id": ["referrals_count"], "error": [12.4], "pro_rata_error": [9.6]})
    result = method_result(lost)
    assert (result.passed, result.severity) == (False, dg.AssetCheckSeverity.WARN)
    assert "referrals_count (12% beside 10%)" in str(result.description)
    assert not BEATS_PRO_RATA.blocking


def test_a_method_that_holds_up_passes() -> None:
    assert method_result(pd.DataFrame({"kpi_id": [], "error": [], "pro_rata_error": []})).passed


def test_an_authority_with_only_a_refused_and_a_held_delivery_has_nothing_to_measure(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    deliver(project / "raw", "camden", as_at="2019-09-30")
    deliver_damaged(project / "raw", "camden", as_at="2019-09-30")
    deliver(project / "raw", "camden", as_at="2019-10-01")  # every contact is dated after it
    assert main(["run"]) == 2
    said = capsys.readouterr().out
    assert "3 of its 3 dated rows are after the as-at date" in said
    assert "annex_a.xlsx" in said
    assert "camden: nothing new could be worked out" in said
