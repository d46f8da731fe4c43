"""The sample's council, England's smallest, released as deliveries arrive: safe, and it says something."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.disclosure import PAPER_KPIS, paper_kpis_shown
from benchmarks.releases import by_last_day
from cf_pipeline.cli.main import main
from cf_pipeline.disclosure.policy import product_policy
from cf_pipeline.warehouse import read_table
from cf_pipeline.warehouse.tables.schemas import COMMITTEE, PUBLIC

pytestmark = pytest.mark.slow

SETTINGS = Path(__file__).resolve().parents[2] / "pipeline.toml"
THRESHOLD = product_policy()["members_public"].threshold


@pytest.mark.parametrize("at_once", [2, pytest.param(1, marks=pytest.mark.long)])
def test_every_release_beside_the_earlier_ones_is_safe_and_shows_half_of_the_paper_s_kpis(
    project: Path, capfd: pytest.CaptureFixture[str], at_once: int
) -> None:
    (project / "pipeline.toml").write_bytes(SETTINGS.read_bytes())
    assert main(["sample"]) == 0
    waiting = (project / "raw").rename(project / "waiting")
    folders = by_last_day(waiting)
    assert len(folders) >= 4
    url = f"duckdb:///{project}/data/warehouse/published.duckdb"
    for number, first in enumerate(range(0, len(folders), at_once), start=1):
        for folder in folders[first : first + at_once]:
            place = project / "raw" / folder.relative_to(waiting)
            place.parent.mkdir(parents=True, exist_ok=True)
            folder.rename(place)
        assert main(["run"]) == 0
        assert main(["release"]) == 0, capfd.readouterr()  # it was attacked beside every earlier one
        assert read_table(url, "release", schema=PUBLIC)["release_no"].tolist() == [number]
        rows = read_table(url, "fact_kpi_quarterly", schema=PUBLIC)
        for name in ("numerator", "denominator"):
            assert not rows[name].between(1, THRESHOLD).any()
        assert paper_kpis_shown(rows) >= len(PAPER_KPIS) / 2
        assert set(read_table(url, "fact_kpi_quarterly", schema=COMMITTEE)["breakdown"]) == {"total"}
    page = project / "data/outputs/city-of-london/public/index.html"
    assert page.is_file()
