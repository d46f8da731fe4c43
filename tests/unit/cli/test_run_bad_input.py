"""Bad input gets one plain sentence each, the rest goes on, and nothing published is lost."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from cf_pipeline import warehouse
from cf_pipeline.cli.main import main
from tests.support.small_deliveries import deliver, deliver_damaged

CHILD_ID = "7654321"
BIRTH_DATE = "2011-11-11"


def url(project: Path) -> str:
    return f"duckdb:///{project}/data/warehouse/published.duckdb"


def contacts(project: Path) -> dict[str, float]:
    facts = warehouse.read_table(url(project), "fact_kpi_quarterly")
    rows = facts[
        facts["kpi_id"].eq("contacts_count")
        & facts["basis"].eq("quarter")
        & facts["breakdown"].eq("total")
        & facts["quarter_key"].eq("2019/20 Q3")
    ]
    return dict(zip(rows["authority_code"], rows["value"], strict=True))


def run(capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    status = main(["run"])
    out, err = capsys.readouterr()
    assert "Traceback" not in out + err
    return status, out + err


@pytest.mark.slow
def test_each_bad_thing_is_named_once_and_the_rest_is_published(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    deliver(project / "raw", "hackney")
    assert run(capsys)[0] == 0
    before = contacts(project)

    deliver_damaged(project / "raw", "hackney", "2020-01-31")  # an unreadable newest delivery
    deliver_damaged(project / "raw", "camden", "2019-12-31")  # an authority with nothing readable
    (project / "raw" / "islington" / "2019-12-31").mkdir(parents=True)  # an empty folder
    stray = deliver(project / "raw", "lambeth")
    stray.rename(project / "raw" / "lambeth" / "contacts.csv")  # a delivery without a date
    unknown = openpyxl.Workbook()
    unknown.active.append(["Budget code", "Amount"])
    unknown.active.append([CHILD_ID, 1])
    unknown.save(project / "raw" / "hackney" / "2019-12-31" / "budget.xlsx")  # no known list

    status, said = run(capsys)
    assert status == 2
    for name in (
        "hackney/2020-01-31/annex_a.xlsx",
        "camden/2019-12-31/annex_a.xlsx",
        "islington/2019-12-31",
        "lambeth/contacts.csv",
        "hackney/2019-12-31/budget.xlsx",
    ):
        assert said.count(f"Refused: {name}") == 1
    assert CHILD_ID not in said
    assert contacts(project) == before == {"E09000012": 3.0}
    again, said = run(capsys)
    assert again == 2
    assert "Nothing new" in said
    assert "Refused: hackney/2020-01-31/annex_a.xlsx" in said


def test_an_empty_drop_zone_says_what_to_do(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, said = run(capsys)
    assert status == 1
    assert "cf-pipeline sample" in said


def test_an_unknown_setting_runs_nothing(
    project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    deliver(project / "raw", "hackney")
    monkeypatch.setenv("CF_WAREHOUSE_URI", "duckdb://")
    status, said = run(capsys)
    assert status == 1
    assert "CF_WAREHOUSE_URI" in said
    assert not (project / "data").exists()
    monkeypatch.delenv("CF_WAREHOUSE_URI")
    (project / "pipeline.toml").write_text('warehouse_uri = "x"\n')
    status, said = run(capsys)
    assert status == 1
    assert "warehouse_uri" in said
    assert not (project / "data").exists()


def test_a_run_without_the_key_refuses_to_start(
    project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    deliver(project / "raw", "hackney")
    monkeypatch.delenv("CF_ID_KEY")
    status, said = run(capsys)
    assert status == 1
    assert "cf-pipeline init" in said
    assert main(["init"]) == 0
    assert (project / "data" / "id.key").stat().st_mode & 0o777 == 0o600
    assert run(capsys)[0] == 0


def test_check_says_what_a_file_holds_without_loading_it(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = deliver(project / "raw", "hackney")
    file.write_text(file.read_text() + f"{CHILD_ID},M,WBRI,{BIRTH_DATE},8,31/13/2019,1A\n")
    assert main(["check", str(file)]) == 0
    said = capsys.readouterr().out
    assert "contacts" in said
    assert "date_unreadable" in said
    assert CHILD_ID not in said
    assert BIRTH_DATE not in said
    assert not (project / "data" / "lake").exists()


def test_check_reads_a_file_that_has_no_date_yet_and_says_so(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = deliver(project / "raw", "hackney").rename(project / "contacts.csv")
    assert main(["check", str(file)]) == 0
    assert "No as-at date yet" in capsys.readouterr().out


def test_check_exits_2_for_a_file_it_cannot_read(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = deliver_damaged(project, "hackney", "2019-12-31")
    assert main(["check", str(file)]) == 2
    assert capsys.readouterr().out.count("Refused: ") == 1


@pytest.mark.parametrize("module", ["cf_pipeline", "cf_pipeline.cli.start_run"])
def test_neither_the_domain_nor_a_run_with_nothing_new_loads_dagster_or_a_database_driver(
    module: str,
) -> None:
    code = (
        f"import sys, {module};"
        "print(sorted(m for m in sys.modules if m.split('.')[0] in"
        " {'dagster', 'sqlalchemy', 'duckdb', 'psycopg'}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.slow
def test_a_wrong_mapping_refuses_its_authority_in_one_sentence_and_the_others_go_on(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    deliver(project / "raw", "hackney")
    deliver(project / "raw", "camden")
    assert run(capsys)[0] == 0  # an earlier run of camden lies in the lake: it says nothing of this one
    (project / "raw" / "camden" / "mapping.toml").write_text("[ids]\nzero_pad = 99\n")
    status, said = run(capsys)
    assert status == 2
    sentence = "Refused: camden/mapping.toml: zero_pad of [ids] must be a whole number from 0 to 20."
    assert said.count(sentence) == 1
    assert "E09000012" in contacts(project)


@pytest.mark.slow
def test_a_published_file_of_unknown_shape_is_named_and_the_rest_is_used(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    deliver(project / "raw", "hackney")
    folder = project / "raw" / "_reference"
    folder.mkdir()
    (folder / "pupils.csv").write_text("school,pupils\nA,12\n")
    (folder / "referrals.csv").write_text(
        "time_period,time_identifier,geographic_level,country_code,region_code,new_la_code,"
        "referral_count,referral_child_count\n"
        "2031,Reporting year,Local authority,E92000001,E12000007,E09000012,3333,3000\n"
    )
    status, said = run(capsys)
    assert status == 2
    assert (
        said.count("raw/_reference/pupils.csv: its columns are of no published table that is known here") == 1
    )
    rows = warehouse.read_table(url(project), "fact_comparator")
    assert rows[rows["file"].eq("referrals.csv")]["value"].tolist() == [3000, 3333]
    status, said = run(capsys)
    assert "Nothing new" in said
    assert status == 2
