"""`cf-pipeline check`: what is wrong with a file before it is delivered."""

from __future__ import annotations

import json
import zipfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from cf_pipeline.cli import file_check
from cf_pipeline.cli.main import main
from cf_pipeline.ingest import file_lists
from cf_pipeline.ingest.files.read_file import read_file
from cf_pipeline.quality.data_quality import without_date
from tests.support.small_deliveries import deliver, deliver_damaged

CHILD_ID = "7654321"
CONTACT_HEADERS = ["Child Unique ID", "Date of Birth", "Date of Contact", "Contact Source"]
CARE_HEADERS = ["Child Unique ID", "Date of Birth", "Date Started to be Looked After"]
BAD_ROW = f"{CHILD_ID},M,WBRI,2011-11-11,8,31/13/2019,Okapi\n"


@pytest.fixture
def bad_file(project: Path) -> Path:
    file = deliver(project / "raw", "hackney")
    file.write_text(file.read_text() + BAD_ROW)
    return file


def check(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str]:
    status = main(["check", *map(str, arguments)])
    out, err = capsys.readouterr()
    assert "Traceback" not in out + err
    return status, out + err


def test_it_says_what_is_wrong_where_and_what_to_do(
    bad_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, said = check(capsys, bad_file)
    assert status == 0
    lines = [line.strip() for line in said.splitlines()]
    at = next(n for n, line in enumerate(lines) if line.startswith("date_unreadable (1): "))
    assert "Errors: figures may be wrong until they are corrected." in lines[:at]
    assert lines[at + 1 : at + 3] == [
        "What to do: Write the date as dd/mm/yyyy.",
        "Where: contacts, row 5",
    ]


def test_no_value_of_a_cell_is_on_the_screen_or_in_the_workbook(
    bad_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, said = check(capsys, bad_file, "--workbook", tmp_path / "out.xlsx")
    with zipfile.ZipFile(tmp_path / "out.xlsx") as archive:
        written = b"".join(archive.read(name) for name in archive.namelist()).decode()
    for secret in (CHILD_ID, "2011-11-11", "31/13/2019"):
        assert secret not in said
        assert secret not in written
    assert "Okapi" not in said


def test_the_workbook_is_that_of_a_run_without_the_children(
    bad_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CF_ID_KEY")  # nothing here needs it
    out = tmp_path / "out.xlsx"
    status, said = check(capsys, bad_file, "--workbook", out)
    assert (status, f"Data-quality workbook: {out}" in said) == (0, True)
    assert out.stat().st_mode & 0o777 == 0o600
    book = openpyxl.load_workbook(out)
    assert book.sheetnames == [
        "Read me",
        "Summary by rule",
        "By file",
        "Issues",
        "To decide",
        "Quarantine",
        "Files",
    ]
    rows = list(book["Issues"].iter_rows(values_only=True))
    places = {(row[1], row[4], row[6]) for row in rows}
    assert ("date_unreadable", "contacts.csv", 5) in places


def test_what_the_lists_of_a_file_say_against_each_other_is_told_before_a_run(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = openpyxl.Workbook()
    contact = [CHILD_ID, "11/11/2011", "02/10/2019", "Police"]
    for title, rows in {
        "List 1": [CONTACT_HEADERS, contact, contact],
        "List 8": [CARE_HEADERS, [CHILD_ID, "12/12/2001", "01/02/2015"]],
    }.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    file = project / "raw" / "hackney" / "2019-12-31" / "annex_a.xlsx"
    file.parent.mkdir(parents=True)
    book.save(file)
    _, said = check(capsys, file, "--json")
    lists = {found["list"]: found["issues"] for found in json.loads(said)["files"][0]["lists"]}
    assert lists["contacts"]["exact_duplicate"] == 1
    assert lists["contacts"]["person_conflict"] == 1
    assert lists["children_in_care"]["adult_in_care"] == 1
    assert CHILD_ID not in said

    elsewhere = file.rename(project / "of_no_date_yet.xlsx")
    _, said = check(capsys, elsewhere, "--json")
    lists = {found["list"]: found["issues"] for found in json.loads(said)["files"][0]["lists"]}
    assert "adult_in_care" not in lists["children_in_care"]


def test_a_file_that_has_no_date_yet_has_none_in_the_workbook(
    bad_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = bad_file.rename(tmp_path / "contacts.csv")
    check(capsys, file, "--workbook", tmp_path / "out.xlsx")
    book = openpyxl.load_workbook(tmp_path / "out.xlsx")
    header, *rows = book["Files"].iter_rows(values_only=True)
    assert [row[header.index("As at")] for row in rows] == [None]
    header, *rows = book["Summary by rule"].iter_rows(values_only=True)
    assert {row[header.index("Change")] for row in rows} == {"nothing before"}


def test_a_file_that_has_no_date_yet_is_parsed_once_and_gets_no_row_that_it_does_not_have(
    bad_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[Path] = []
    monkeypatch.setattr(
        file_lists, "read_file", lambda path, limits: read.append(path) or read_file(path, limits)
    )
    file = bad_file.rename(tmp_path / "contacts.csv")
    check_of_file = file_check.check_file(file)
    assert (read, check_of_file.is_dated) == ([file], False)
    assert check_of_file.quality is not None
    empty = replace(check_of_file.quality, issues=check_of_file.quality.issues.iloc[:0])
    undated = without_date(empty).issues
    assert (len(undated), undated["as_at"].dtype) == (0, "datetime64[us]")


def test_files_of_one_name_are_told_apart(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = [deliver(project / "raw", name) for name in ("hackney", "camden")]
    check(capsys, *files, "--workbook", project / "out.xlsx")
    rows = list(openpyxl.load_workbook(project / "out.xlsx")["By file"].iter_rows(values_only=True))
    assert [row[2] for row in rows[1:3]] == sorted(map(str, files))


def test_json_is_all_there_is_and_has_these_keys(
    bad_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = main(["check", str(bad_file), "nowhere.xlsx", "--json", "--workbook", str(tmp_path / "o.xlsx")])
    printed = json.loads(capsys.readouterr().out)
    assert status == 2
    good, missing = printed["files"]
    assert set(good) == {"file", "refused", "lists"}
    (contacts,) = good["lists"]
    assert set(contacts) == {"list", "sheet", "rows_read", "rows_loaded", "rows_quarantined", "issues"}
    assert (good["refused"], contacts["rows_read"], contacts["issues"]["date_unreadable"]) == (None, 4, 1)
    assert missing == {
        "file": "nowhere.xlsx",
        "refused": "there is no such file; check its name and folder",
        "lists": [],
    }


def test_what_headers_that_are_not_recognised_cost_is_said_and_which_figures(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = deliver(project / "raw", "hackney")
    file.write_text(file.read_text().replace("Contact Source", "Came in by").replace("Gender", "M or F"))
    status, said = check(capsys, file)
    assert status == 0
    assert "2 headers not recognised: " in said
    assert " of 142 figures missing; open To decide in the data-quality workbook." in said
    assert main(["check", str(file), "--json"]) == 0
    (mapping,) = json.loads(capsys.readouterr().out)["mapping"]
    assert (mapping["headers_not_recognised"], mapping["figures"]) == (2, 142)
    source = {entry["kpi"]: entry["column"] for entry in mapping["figures_missing"]}["contacts_by_source"]
    assert source == "Contact Source"


@pytest.mark.parametrize("name", ["other.txt", "folder.xlsx", "raw/hackney/2019-12-31/contacts.csv"])
def test_a_workbook_is_never_written_over_a_delivery_or_under_another_kind_of_name(
    bad_file: Path, project: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    (project / "folder.xlsx").mkdir()
    before = bad_file.read_bytes()
    status, said = check(capsys, bad_file, "--workbook", project / name)
    assert (status, "choose another name" in said) == (1, True)
    assert bad_file.read_bytes() == before


def test_a_file_to_check_is_not_overwritten_by_its_report(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = project / "mine.xlsx"
    book = openpyxl.Workbook()
    book.save(file)
    before = file.read_bytes()
    status, said = check(capsys, file, "--workbook", file)
    assert (status, "never written to" in said) == (1, True)
    assert file.read_bytes() == before


def test_one_bad_file_does_not_stop_the_others(bad_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    damaged = deliver_damaged(bad_file.parents[2], "camden", "2019-12-31")
    status, said = check(capsys, damaged, bad_file)
    assert status == 2
    assert said.count("Refused: ") == 1
    assert "date_unreadable" in said


def test_a_wrong_mapping_file_is_one_sentence(bad_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (bad_file.parents[1] / "mapping.toml").write_text('[headers.contacts]\n"When" = "contact_dat"\n')
    status, said = check(capsys, bad_file)
    assert status == 2
    assert "Refused: " in said
    assert "did you mean contact_date" in said


def test_a_file_that_is_refused_is_in_the_workbook_with_its_reason(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    damaged = deliver_damaged(project / "raw", "camden", "2019-12-31")
    status, _ = check(capsys, damaged, "--workbook", project / "out.xlsx")
    assert status == 2
    rows = list(openpyxl.load_workbook(project / "out.xlsx")["Files"].iter_rows(values_only=True))
    assert [row[3:6] for row in rows[1:]] == [
        ("annex_a.xlsx", "refused", "the file is damaged or only half copied; export it again")
    ]


@pytest.mark.mess(7)
def test_the_mark_of_an_open_workbook_is_named_and_passed_over_in_a_folder(
    bad_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mark = bad_file.parent / "~$contacts.xlsx"
    mark.write_bytes(b"\x05Anna")
    status, said = check(capsys, mark)
    assert (status, "open in Excel" in said) == (2, True)
    status, said = check(capsys, bad_file.parent)
    assert (status, "Refused" in said) == (0, False)


def test_in_a_folder_only_spreadsheets_are_checked(
    bad_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (bad_file.parents[1] / "mapping.toml").write_text("")
    (bad_file.parent / "read me.txt").write_text("hello")
    status, said = check(capsys, bad_file.parents[1])
    assert (status, "Refused" in said, "contacts" in said) == (0, False, True)


def test_a_folder_with_a_workbooks_name_is_a_folder(
    bad_file: Path, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = project / "list.xlsx"
    folder.mkdir()
    status, said = check(capsys, folder)
    assert (status, "holds no spreadsheet" in said) == (2, True)
    bad_file.rename(folder / "contacts 2019-12-31.csv")
    status, said = check(capsys, folder)
    assert (status, "date_unreadable" in said) == (0, True)


def test_a_file_that_may_not_be_opened_is_refused_and_the_others_go_on(
    bad_file: Path, project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    read = file_check.receive_file

    def closed(path: Path, **more: object) -> object:
        if path.name == "closed.csv":
            raise PermissionError(13, "Permission denied", str(path))
        return read(path, **more)

    monkeypatch.setattr(file_check, "receive_file", closed)
    (project / "closed.csv").write_text("x")
    status, said = check(capsys, project / "closed.csv", bad_file)
    assert status == 2
    assert "could not be opened; check that it is there and may be read" in said
    assert "date_unreadable" in said
