"""A release: hidden, attacked, kept for good, and shown; a council with few children, on both databases."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from cf_pipeline.cli.main import main
from cf_pipeline.cli.releasing import release as release_command
from cf_pipeline.cli.releasing.released_figure import HIDDEN
from cf_pipeline.disclosure import attack
from cf_pipeline.disclosure.policy import DisclosureError, product_policy
from cf_pipeline.disclosure.releases import Release
from cf_pipeline.outputs.report.formats.registry import FORMATS
from cf_pipeline.project.releases import release as release_module
from cf_pipeline.project.releases.archive import ReleaseArchive
from cf_pipeline.project.settings import load_settings
from cf_pipeline.warehouse import read_table
from cf_pipeline.warehouse.dimensions.fact_columns import values_last_year
from cf_pipeline.warehouse.tables.schemas import COMMITTEE, PUBLIC, RELEASED_FACTS, Schema
from tests.support.postgresql import drop_schemas
from tests.support.small_deliveries import deliver

SLUG, HACKNEY = "hackney", "E09000012"
APPROVED = """
[[approvals]]
kpis = ["contacts_count"]
reason = "in every paper"
who = "director"
when = 2019-09-01
authority = "hackney"
"""

ON_ONE_DATABASE = pytest.mark.parametrize("url", ["duckdb"], indirect=True)
"""The archive alone decides, whichever database shows the releases."""


@pytest.fixture(params=["duckdb", "postgresql"])
def url(request: pytest.FixtureRequest, project: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A project whose figures of one council are published; its warehouse."""
    found = f"duckdb:///{project}/data/warehouse/published.duckdb"
    if request.param == "postgresql":
        server = request.getfixturevalue("postgres")
        drop_schemas(server)
        found = server.replace("postgresql://", "postgresql+psycopg://")
        monkeypatch.setenv("CF_WAREHOUSE_URL", found)
    deliver(project / "raw", SLUG, "2019-12-31", rows=3)
    assert main(["run"]) == 0
    return found


@pytest.fixture(autouse=True)
def one_format(monkeypatch: pytest.MonkeyPatch) -> None:
    """Papers as HTML alone: printing takes longer than a release, and is tested by itself."""
    monkeypatch.setattr(release_command, "FORMATS", {"html": FORMATS["html"]})


def run(capfd: pytest.CaptureFixture[str], *words: str) -> tuple[int, list[str]]:
    capfd.readouterr()
    status = main(list(words))
    out, err = capfd.readouterr()
    return status, (out + err).splitlines()


def numbers(url: str, schema: Schema) -> set[float]:
    """What is said of the council's contacts in the quarter, whatever the period that is shown."""
    rows = read_table(url, "fact_kpi_quarterly", {"kpi_id": "contacts_count", "breakdown": "total"}, schema)
    return set(pd.concat([rows[name] for name in ("value", "numerator", "value_last_year")]).dropna())


def test_a_small_count_is_hidden_from_both_until_it_is_approved(
    url: str, project: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    status, lines = run(capfd, "release")
    assert status == 0
    assert lines[0].startswith(f"{SLUG}: release 1 to the committee: ")
    assert lines[0].endswith("No approved list: what committee is shown is what members_public is shown.")
    for schema in (COMMITTEE, PUBLIC):
        assert not read_table(url, "fact_kpi_quarterly", schema=schema).empty
        assert numbers(url, schema) == set()
    assert run(capfd, "release")[1] == [
        "Nothing new: what was released is of the figures as they are published."
    ]
    contacts = ("explain", "contacts_count", "2019/20 Q3")
    assert "Release 1 to the public: not shown for this quarter." in run(capfd, *contacts)[1]
    (project / "pipeline.toml").write_text(APPROVED)
    assert run(capfd, "release")[1][0].startswith(f"{SLUG}: release 2 to the committee: ")
    assert max(numbers(url, COMMITTEE)) == 3
    assert "Release 2 to the committee: shown." in run(capfd, *contacts)[1]
    children = run(capfd, "explain", "contacts_children_count", "2019/20 Q3")[1]
    assert f"Release 2 to the committee: {HIDDEN}." in children
    assert numbers(url, PUBLIC) == set()
    approval = read_table(url, "release_approval", schema=COMMITTEE)
    assert approval[["kpi_id", "approved_by"]].to_numpy().tolist() == [["contacts_count", "director"]]
    assert read_table(url, "release_approval", schema=PUBLIC).empty


def test_every_small_count_of_the_public_is_hidden_and_nothing_worked_out_from_it_is_there(
    url: str, project: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(capfd, "release")[0] == 0
    rows = read_table(url, "fact_kpi_quarterly", schema=PUBLIC)
    threshold = product_policy()["members_public"].threshold
    assert len(rows)
    for name in ("numerator", "denominator"):
        assert not rows[name].between(1, threshold).any()
    plain = rows.astype({"value": "float64"})
    expected = pd.Series(values_last_year(plain))
    assert rows["value_last_year"].astype("float64").equals(expected)
    own = read_table(url, "dim_authority", {"has_figures": True})["figures_hash"].item()
    shown = read_table(url, "dim_authority", {"has_figures": True}, PUBLIC)["figures_hash"].item()
    assert shown != own
    page = (project / "data/outputs" / SLUG / "public/index.html").read_text(encoding="utf-8")
    assert "<script" not in page
    (paper,) = (project / "data/outputs" / SLUG / "committee").iterdir()
    assert paper.name == "report_committee_2019-12-31.html"
    assert "Committee edition" in paper.read_text(encoding="utf-8")
    package = json.loads((project / "data/outputs" / SLUG / "public/open_data/datapackage.json").read_text())
    assert package["resources"]


def test_what_does_not_withstand_the_attack_is_not_shown_and_not_kept(
    url: str, project: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def exposed(*_: object) -> None:
        raise DisclosureError("A hidden count can be worked out: contacts_count; nothing is published.")

    monkeypatch.setattr(release_module, "attack_publication", exposed)
    status, lines = run(capfd, "release")
    assert (status, lines) == (
        1,
        ["cf-pipeline: A hidden count can be worked out: contacts_count; nothing is published."],
    )
    assert read_table(url, "fact_kpi_quarterly", schema=PUBLIC).empty
    assert not (project / "data/releases").exists()


def test_an_authority_without_anything_new_keeps_its_release(
    url: str, project: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    deliver(project / "raw", "camden", "2019-12-31", rows=2)
    assert main(["run"]) == 0
    assert run(capfd, "release")[0] == 0
    before = read_table(url, "fact_kpi_quarterly", {"authority_code": HACKNEY}, PUBLIC)
    deliver(project / "raw", "camden", "2020-03-31")
    assert main(["run"]) == 0
    lines = run(capfd, "release")[1]
    assert lines[0].startswith("camden: release 2 to the committee: ")
    assert not any(line.startswith("hackney") for line in lines)
    numbers = read_table(url, "release", schema=PUBLIC).set_index("authority_code")["release_no"]
    assert numbers[HACKNEY] == 1
    pd.testing.assert_frame_equal(
        read_table(url, "fact_kpi_quarterly", {"authority_code": HACKNEY}, PUBLIC), before
    )


def test_released_rows_that_someone_changed_are_made_again(
    project: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    for slug in (SLUG, "camden"):
        deliver(project / "raw", slug, "2019-12-31")
    assert main(["run"]) == 0
    assert run(capfd, "release")[0] == 0
    with duckdb.connect(str(project / "data/warehouse/released/public.duckdb")) as connection:
        connection.execute("DELETE FROM public_v1.fact_kpi_quarterly WHERE authority_code = ?", [HACKNEY])
    deliver(project / "raw", "camden", "2020-03-31")
    assert main(["run"]) == 0
    status, lines = run(capfd, "release")
    assert status == 0
    assert f"{SLUG}: release 2 to the public: " in "".join(lines)
    url = f"duckdb:///{project}/data/warehouse/published.duckdb"
    assert len(read_table(url, "fact_kpi_quarterly", {"authority_code": HACKNEY}, PUBLIC))


def test_the_attack_reads_what_was_written(
    url: str, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    found: list[dict[str, pd.DataFrame]] = []

    def note(published: dict[str, pd.DataFrame], *others: object) -> attack.AttackRecord:
        found.append(published)
        return attack.attack_publication(published, *others)  # type: ignore[arg-type]

    monkeypatch.setattr(release_module, "attack_publication", note)
    assert run(capfd, "release")[0] == 0
    # Each as it was written; then the committee's again, beside the public's.
    for published, schema in zip(found, (COMMITTEE, PUBLIC, COMMITTEE), strict=True):
        assert sorted(published) == sorted(RELEASED_FACTS)
        for name in RELEASED_FACTS:
            assert len(published[name]) == len(read_table(url, name, schema=schema))


@ON_ONE_DATABASE
def test_a_release_that_is_shown_and_not_in_the_archive_stops_the_next(
    url: str, project: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(capfd, "release")[0] == 0
    (project / "data/releases").rename(project / "elsewhere")
    status, lines = run(capfd, "release")
    assert status == 1
    assert len(lines) == 1
    assert "release 1 of hackney to committee is shown, and the archive does not have it" in lines[0], lines


@ON_ONE_DATABASE
def test_an_earlier_release_that_cannot_be_read_stops_the_next(
    url: str, project: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(capfd, "release")[0] == 0
    damaged = project / "data/releases/members_public" / SLUG / "1/published.parquet"
    damaged.write_bytes(b"")
    deliver(project / "raw", SLUG, "2020-03-31", rows=9)
    assert main(["run"]) == 0
    status, lines = run(capfd, "release")
    assert status == 1
    assert len(lines) == 1
    assert str(damaged) in lines[0]
    assert "bring it back from a backup" in lines[0]
    assert read_table(url, "release", schema=PUBLIC)["release_no"].tolist() == [1]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (APPROVED.replace('"contacts_count"', '"contact_count"'), "names contact_count, which is no KPI"),
        (APPROVED.replace('"director"', '" "'), "does not give who approved it"),
        (APPROVED.replace("when = 2019-09-01", ""), "when is wrong or missing"),
        (APPROVED.replace('"hackney"', '"hackny"'), "'hackny' is no authority's folder name"),
        (APPROVED.replace('["contacts_count"]', '["contacts_count", "contacts_count"]'), "twice; remove one"),
    ],
)
def test_a_wrong_approval_is_one_sentence_and_nothing_is_released(
    project: Path, capfd: pytest.CaptureFixture[str], text: str, sentence: str
) -> None:
    (project / "pipeline.toml").write_text(text)
    status, lines = run(capfd, "release")
    assert status == 1
    assert len(lines) == 1
    assert sentence in lines[0]


@ON_ONE_DATABASE
def test_a_threshold_below_the_last_release_s_is_refused(
    url: str, project: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(capfd, "release")[0] == 0
    settings = load_settings(project, {})
    record = project / "data/releases/members_public" / SLUG / "1/release.json"
    record.write_text(json.dumps(json.loads(record.read_text()) | {"threshold": 9}))
    assert ReleaseArchive(settings.data).numbers("members_public", SLUG) == [1]
    status, lines = run(capfd, "release")
    assert status == 1
    assert "the last release's was 9" in lines[0]


def test_without_a_publication_nothing_is_released(project: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(capfd, "release")[1] == [
        "cf-pipeline: Nothing is published yet: run `cf-pipeline run` first; nothing was released."
    ]


def test_the_archive_gives_back_what_was_kept(tmp_path: Path) -> None:
    frame = PUBLIC.contracts["fact_kpi_quarterly"].empty()
    archive = ReleaseArchive(tmp_path)
    (tmp_path / "releases/committee/hackney/1").mkdir(parents=True)  # of a process that was killed
    for number in (1, 2):
        assert archive.add("committee", "hackney", Release("today", frame, frame), {"threshold": 5}) == number
    assert archive.numbers("committee", "hackney") == [1, 2]
    assert archive.read_record("committee", "hackney", 2) == {"threshold": 5}
    assert [each.name for each in archive.releases("committee", "hackney")] == ["committee 1", "committee 2"]
    assert {path.stat().st_mode & 0o077 for path in (tmp_path / "releases").rglob("*.*")} == {0}
