"""A lasting fault between the figures of one authority leaves its published ones; others are published."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import assets.forecasts
from cf_pipeline.cli.main import main
from cf_pipeline.project.settings import load_settings
from cf_pipeline.warehouse import read_table, read_tables
from cf_pipeline.warehouse.tables.schemas import PUBLISHED, RESTRICTED
from tests.support.odd_folders import (
    CLOSED,
    REFUSED_FILES,
    REFUSED_IN_DROP_ZONE,
    close_folders,
    deliver_odd_folders,
)
from tests.support.small_deliveries import deliver

CODES = {"camden": "E09000007", "hackney": "E09000012"}
forecast_year_ends = assets.forecasts.forecast_year_ends


def fails_for_camden(kpi_quarterly: pd.DataFrame, *others: Any) -> pd.DataFrame:
    if kpi_quarterly["authority_code"].eq(CODES["camden"]).any():
        raise ValueError
    return forecast_year_ends(kpi_quarterly, *others)


def published_rows(root: Path, authority: str) -> dict[str, pd.DataFrame]:
    """Every published row of an authority, its records included."""
    url = load_settings(root, {}).warehouse_url
    tables = read_tables(url)
    rows = {name: tables[name] for name in PUBLISHED.by_authority}
    rows |= {name: read_table(url, name, schema=RESTRICTED) for name in RESTRICTED.by_authority}
    return {
        name: table[table["authority_code"].eq(CODES[authority])].reset_index(drop=True)
        for name, table in rows.items()
    }


def contacts(root: Path, authority: str) -> float:
    """The newest quarter's contacts as they are published; NaN when the authority is not."""
    facts = published_rows(root, authority)["fact_kpi_quarterly"]
    is_total = facts["kpi_id"].eq("contacts_count") & facts["breakdown"].eq("total")
    values = facts[is_total & facts["basis"].eq("quarter") & facts["quarter_key"].eq("2019/20 Q3")]["value"]
    return float("nan") if values.empty else float(values.iloc[0])


def test_published_figures_of_the_one_stay_and_the_other_is_published(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in CODES:
        deliver(project / "raw", name, rows=2)
    assert main(["run"]) == 0
    before = published_rows(project, "camden")
    assert (contacts(project, "camden"), contacts(project, "hackney")) == (2, 2)

    for name in CODES:
        deliver(project / "raw", name, rows=3)
    monkeypatch.setattr(assets.forecasts, "forecast_year_ends", fails_for_camden)
    capsys.readouterr()
    assert main(["run"]) == 1
    stays = "camden: its last run stopped between its figures, and they do not belong together; its figures "
    assert stays + "published before stay, as at 2019-12-31;" in " ".join(capsys.readouterr().out.split())
    for _ in range(2):
        assert contacts(project, "hackney") == 3
        after = published_rows(project, "camden")
        assert all(after[name].equals(rows) for name, rows in before.items())
        assert len(before["kpi_member"]) > 0
        assert len(before["person"]) > 0
        assert main(["publish"]) == 2
        assert "Refused: camden" in capsys.readouterr().out

    monkeypatch.setattr(assets.forecasts, "forecast_year_ends", forecast_year_ends)
    assert main(["run"]) == 0
    assert (contacts(project, "camden"), contacts(project, "hackney")) == (3, 3)


def test_an_authority_that_was_never_published_is_left_out_and_when_it_is_alone_nothing_is_published(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    deliver(project / "raw", "camden", rows=2)
    assert main(["run"]) == 0
    version = read_table(load_settings(project, {}).warehouse_url, "publication")
    deliver(project / "raw", "camden", rows=3)
    monkeypatch.setattr(assets.forecasts, "forecast_year_ends", fails_for_camden)
    assert main(["run"]) == 1
    assert read_table(load_settings(project, {}).warehouse_url, "publication").equals(version)

    Path(load_settings(project, {}).warehouse_url.removeprefix("duckdb:///")).unlink()
    deliver(project / "raw", "hackney")
    capsys.readouterr()
    assert main(["run"]) == 1
    assert "no figures of it are published, and it is left out" in " ".join(capsys.readouterr().out.split())
    assert not published_rows(project, "camden")["dim_authority"]["has_figures"].any()
    assert contacts(project, "hackney") == 3


@pytest.mark.slow
def test_folders_and_names_that_cannot_be_read_are_refused_and_the_rest_goes_on(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    deliver_odd_folders(project / "raw")
    deliver(project / "raw", "hackney")
    close_folders(monkeypatch)
    for said_besides in ("Authority ", "4 of 6 authorities had nothing new"):
        assert main(["run"]) == 2
        said = capsys.readouterr().out
        assert said_besides in said
        assert said.isascii()
        for place, reason in (
            REFUSED_FILES | REFUSED_IN_DROP_ZONE | {CLOSED: "the folder could not"}
        ).items():
            assert f"{place}: {reason}" in said
        assert contacts(project, "hackney") == contacts(project, "camden") == 3
