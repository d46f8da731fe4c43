"""What Dagster records of a run beside its tables: headlines, newest totals, and links to what is read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from assets.pages.previews import PREVIEWS
from cf_pipeline.cli.main import main
from cf_pipeline.project.lake_reader import LakeReader
from cf_pipeline.project.settings import load_settings
from resources.dagster_storage import open_home
from tests.support.small_deliveries import deliver

ROWS, SCHEMA = "dagster/row_count", "dagster/column_schema"


@pytest.fixture
def recorded(project: Path) -> dict[str, dict[str, Any]]:
    """Asset -> name -> value of what its newest materialisation shows, after a run of one authority."""
    (project / "pipeline.toml").write_text('[dashboard]\nurl = "https://figures.example"\n')
    deliver(project / "raw", "camden")
    assert main(["run"]) == 0
    found = {}
    with open_home(load_settings(project, {}).dagster_home) as instance:
        for key in instance.all_asset_keys():
            event = instance.get_latest_materialization_event(key)
            shown = event.asset_materialization.metadata if event and event.asset_materialization else {}
            found[key.to_user_string()] = {name: value.value for name, value in shown.items()}
    return found


def test_the_headlines_are_shown_as_they_are_published(
    recorded: dict[str, dict[str, Any]], project: Path
) -> None:
    shown = recorded["kpi/headlines"]
    table = LakeReader(load_settings(project, {})).read(("kpi", "headlines"), "camden")
    newest = table[table["quarter_key"].eq("2019/20 Q3")]
    assert len(newest) == 8
    for row in newest.itertuples():
        assert f"|{row.area}|{' '.join(row.text.split())}|" in shown["preview"]
    assert shown["dashboard"] == "https://figures.example/camden"


def test_the_tables_of_figures_show_rows_and_their_number(recorded: dict[str, dict[str, Any]]) -> None:
    for key in PREVIEWS:
        shown = recorded["/".join(key)]
        assert f"of {shown[ROWS]:,} rows:" in shown["preview"]
    assert "|contacts_count|3|" in recorded["kpi/quarterly"]["preview"]


def test_no_table_of_records_shows_a_row(recorded: dict[str, dict[str, Any]]) -> None:
    """Their names are those of every table; a text of several rows is in none."""
    for asset, shown in recorded.items():
        if asset.split("/")[0] in ("raw", "ingested", "clean", "core", "worklists"):
            assert set(shown) <= {ROWS, SCHEMA, "path", "fingerprint"}, asset
    assert set(recorded["kpi/members"]) <= {ROWS, SCHEMA, "path"}


def test_a_published_table_and_a_report_link_to_what_people_read(
    recorded: dict[str, dict[str, Any]], project: Path
) -> None:
    published = recorded["warehouse/published"]
    assert published["dashboard"] == "https://figures.example/"
    assert published["warehouse"] == str(project / "data" / "warehouse" / "published.duckdb")
    report = recorded["outputs/committee_report"]
    file = project / "data" / "outputs" / "camden" / "committee_report.html"
    assert f"|[camden](https://figures.example/camden)|`{file}`|" in report["files"]
    assert report["folder"] == str(project / "data" / "outputs")
