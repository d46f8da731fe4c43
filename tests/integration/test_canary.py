"""No cell's value is in any log, event, exception or console line, after good, bad and crashing runs."""

from __future__ import annotations

import base64
import gzip
import io
import os
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from openpyxl import Workbook

from cf_pipeline import clean
from cf_pipeline.cli.main import main
from cf_pipeline.ingest.files import read_file
from cf_pipeline.project.settings import load_settings
from tests.integration.canary import CANARIES, NAMES, canaries_in, canaries_published, canaries_said
from tests.support.small_deliveries import HEADERS, deliver, deliver_damaged


def deliver_canaries(project: Path, headers: str = HEADERS) -> Path:
    """A contacts file with a canary in every kind of cell, beside three plain rows."""
    file = deliver(project / "raw", "hackney")
    more = "Child Name,Notes,Postcode\n"
    plain = [line + ",,," for line in file.read_text().splitlines()[1:]]
    known = f"{CANARIES['id']},M,WBRI,{CANARIES['birth date']},8,2019-12-01,{CANARIES['unmatched code']}"
    row = f"{known},{CANARIES['name']},{CANARIES['free text']},{CANARIES['postcode']}"
    bad_date = row.replace("2019-12-01", CANARIES["unreadable date"])
    file.write_text("\n".join([headers.strip() + "," + more.strip(), *plain, row, bad_date]) + "\n")
    return file


def run(capfd: pytest.CaptureFixture[str]) -> tuple[int, str]:
    status = main(["run"])
    out, err = capfd.readouterr()
    return status, out + err


@pytest.fixture(autouse=True)
def temporary_folder(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for temporary files that nothing but the product writes to."""
    folder = tmp_path_factory.mktemp("temporary")
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return folder


def assert_silent(project: Path, said: str, canaries: Mapping[str, str] = CANARIES) -> None:
    """No canary on the screen, in a log, Dagster's home, a temporary file, what is published, or a report."""
    assert "Traceback" not in said
    assert canaries_said(said, canaries) == []
    data = project / "data"
    assert [path for path in (data / "dagster").rglob("*") if path.is_file()]
    assert canaries_in(data / "dagster", canaries) == []
    assert list(Path(os.environ["TMPDIR"]).iterdir()) == []
    assert canaries_published(load_settings(project, os.environ).warehouse_url, canaries) == []
    assert canaries_in(data / "outputs", CANARIES) == []
    assert [path for path in data.glob("outputs/*/*.html") if canaries_said(path.read_text(), canaries)] == []


def deliver_named_canaries(project: Path) -> None:
    """A workbook with a canary in its name, its sheet's, a header and a wording of the mapping."""
    rows = [line.split(",") for line in deliver_canaries(project).read_text().splitlines()]
    (project / "raw" / "hackney" / "2019-12-31" / "contacts.csv").unlink()
    book = Workbook()
    book.active.title = NAMES["sheet name"]
    book.active.append([*rows[0], NAMES["header"], f"{CANARIES['id']} {CANARIES['birth date']}"])
    for row in rows[1:]:
        book.active.append([*row, CANARIES["name"], CANARIES["name"]])
    book.save(project / "raw" / "hackney" / "2019-12-31" / f"{NAMES['file name']}.xlsx")
    wordings = f'[codes.contact_referral_source]\n"{NAMES["mapping value"]}" = "6"\n'
    (project / "raw" / "hackney" / "mapping.toml").write_text(wordings)


def test_a_run_that_loads_the_rows(project: Path, capfd: pytest.CaptureFixture[str]) -> None:
    deliver_canaries(project)
    status, said = run(capfd)
    assert status == 0
    assert_silent(project, said)


def test_a_run_that_loads_rows_from_places_with_names_of_the_council_s_own(
    project: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    deliver_named_canaries(project)
    status, said = run(capfd)
    assert status == 0
    assert_silent(project, said, CANARIES | NAMES)
    assert {"header in hackney/data_quality.xlsx"} <= set(canaries_in(project / "data" / "outputs", NAMES))


@pytest.mark.slow
def test_a_wrong_mapping_and_a_damaged_workbook_name_the_file_and_nothing_in_it(
    project: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    deliver_named_canaries(project)
    deliver_damaged(project / "raw", "hackney", "2020-03-31")
    mapping = project / "raw" / "camden" / "mapping.toml"
    deliver(project / "raw", "camden")
    mapping.write_text(f'[codes.gender]\n"{CANARIES["name"]}" = "{NAMES["mapping value"]}"\n')
    status, said = run(capfd)
    assert status == 2
    assert "camden/mapping.toml: unknown code of gender, entry 1 (not shown)." in said
    assert_silent(project, said, CANARIES | NAMES)


@pytest.mark.slow
def test_a_run_with_every_kind_of_bad_input(project: Path, capfd: pytest.CaptureFixture[str]) -> None:
    deliver_canaries(project, HEADERS.replace("Contact Source", "Source unknown"))
    deliver_damaged(project / "raw", "camden", "2019-12-31")
    no_list = project / "raw" / "hackney" / "2019-12-31" / "notes.csv"
    no_list.write_text(f"Name,Note\n{CANARIES['name']},{CANARIES['free text']}\n")
    no_date = project / "raw" / "lambeth" / "contacts.csv"
    no_date.parent.mkdir()
    no_date.write_text(HEADERS + f"{CANARIES['id']},M,WBRI,{CANARIES['birth date']},8,2019-12-01,1A\n")
    bad_mapping = project / "raw" / "islington" / "mapping.toml"
    deliver(project / "raw", "islington")
    # an unknown key is named, as in any settings file; what stands beside it is not
    bad_mapping.write_text(f'colour = "{CANARIES["name"]}"\n[codes.no_such_set]\n')
    status, said = run(capfd)
    assert status in (1, 2)
    assert "camden/2019-12-31/annex_a.xlsx" in said
    assert_silent(project, said)


@pytest.mark.slow
def test_a_failure_deep_inside_that_quotes_a_row(
    project: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def quoting(contract: object, text: pd.DataFrame, *_: object) -> pd.DataFrame:
        raise ValueError(f"could not convert {text.to_dict('records')} {list((CANARIES | NAMES).values())}")

    deliver(project / "raw", "camden")
    assert run(capfd)[0] == 0
    monkeypatch.setattr(clean.lists, "_parse_columns", quoting)
    deliver_named_canaries(project)
    status, said = run(capfd)
    assert status == 1
    assert "ValueError" in said
    assert_silent(project, said, CANARIES | NAMES)


@pytest.mark.slow
def test_a_reader_that_is_killed(
    project: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    say = f"print({list(CANARIES.values())}, file=sys.stderr, flush=True)"
    shouting = f"import os, sys; {say}; os.kill(os.getpid(), 9)"
    monkeypatch.setattr(read_file, "PARSER_PROGRAM", shouting)
    deliver_canaries(project)
    status, said = run(capfd)
    assert status in (1, 2)
    assert "hackney/2019-12-31/contacts.csv" in said
    assert_silent(project, said)


def packed_in_zip(value: bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.xml", b"<t>" + value + b"</t>")
    return content.getvalue()


@pytest.mark.parametrize("kind", list(CANARIES))
def test_the_search_finds_what_is_planted(kind: str, tmp_path: Path) -> None:
    """In plain text, in a packed log, within base64 at any place, and nowhere else."""
    value = CANARIES[kind].encode()
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "clean.err").write_bytes(b"no fault here")
    assert canaries_in(tmp_path) == []
    planted = {
        "logs/plain.err": b"x" * 5 + value + b"\n",
        "packed.gz": gzip.compress(b"event " + value),
        "book.xlsx": packed_in_zip(value),
        **{f"encoded{n}": base64.b64encode(b"y" * n + value + b"rest of the line") for n in range(3)},
    }
    for name, content in planted.items():
        (tmp_path / name).write_bytes(content)
    assert set(canaries_in(tmp_path)) == {f"{kind} in {name}" for name in planted}


@pytest.mark.slow
def test_a_planted_canary_fails_the_check_wherever_it_is(
    project: Path, temporary_folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    deliver_canaries(project)
    _, said = run(capfd)
    assert_silent(project, said)
    text = f"row of {CANARIES['id']}"
    outputs = project / "data" / "outputs" / "hackney"
    for place in (project / "data" / "dagster", temporary_folder, outputs):
        (place / "planted.log").write_text(text)
        with pytest.raises(AssertionError):
            assert_silent(project, said)
        (place / "planted.log").unlink()
    assert_silent(project, said)
    with pytest.raises(AssertionError):
        assert_silent(project, f"{said}{text}")
    with duckdb.connect(project / "data" / "warehouse" / "published.duckdb") as database:
        database.execute("UPDATE published_v1.delivery SET reason = ?", [text])
    with pytest.raises(AssertionError):
        assert_silent(project, said)
