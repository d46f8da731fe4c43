"""Rows of people are removed from delivered files; what is not understood is named, and stays as it is."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.history.erased_people import ErasedPeople, Purge
from cf_pipeline.operations.privacy.child_rows import people_of
from cf_pipeline.operations.privacy.raw_files import ELSEWHERE, NOT_CHANGED, NOT_SAME, remove_from_files
from cf_pipeline.project.settings import Settings, load_settings

CONTACTS = [column.header for column in list_contracts()["contacts"].columns]
NAMES = list_contracts()["contacts"].column_names
CHILDREN = ("QZX0001", "B2", "QZX0001", "C3")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = load_settings(tmp_path, {})
    table = Path(settings.lake) / "raw" / "deliveries" / "camden.parquet"  # the authority is known
    table.parent.mkdir(parents=True)
    table.touch()
    return settings


def delivered(settings: Settings, name: str) -> Path:
    path = settings.raw / "camden" / "2019-12-31" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def contact(child_id: str, day: str = "02/10/2019") -> list[str]:
    row = {"child_id": child_id, "gender": "F", "date_of_birth": "01/05/2010", "contact_date": day}
    return [row.get(name, "") for name in NAMES]


def contacts(*children: str) -> pd.DataFrame:
    return pd.DataFrame([contact(child) for child in children], columns=CONTACTS)


def workbook(rows: pd.DataFrame, note: str = "") -> bytes:
    """A sheet with two lines above its headers, and a sheet that is no list."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Contacts"
    for row in (["Annex A"], ["as at 31/12/2019"], CONTACTS, *rows.to_numpy().tolist()):
        sheet.append(row)
    book.create_sheet("Notes").append([note or "nothing"])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def ids_in(path: Path) -> list[str]:
    book = openpyxl.load_workbook(path)
    return [str(row[0]) for row in book["Contacts"].iter_rows(min_row=4, values_only=True)]


def erase(settings: Settings, *ids: str) -> tuple[list[str], dict[str, str]]:
    changed, left = remove_from_files(settings, "camden", people_of("camden", ids), ids)
    return [path.name for path in changed], {path.name: sentence for path, sentence in left.items()}


def test_rows_of_a_workbook_are_removed_and_everything_else_stays(settings: Settings) -> None:
    path = delivered(settings, "a.xlsx")
    path.write_bytes(workbook(contacts(*CHILDREN)))
    assert erase(settings, "QZX0001") == (["a.xlsx"], {})
    assert ids_in(path) == ["B2", "C3"]
    book = openpyxl.load_workbook(path)
    assert (book["Contacts"]["A1"].value, book["Notes"]["A1"].value) == ("Annex A", "nothing")
    assert path.stat().st_mode & 0o077 == 0


def test_lines_of_a_text_file_are_removed_and_the_others_stay_byte_for_byte(settings: Settings) -> None:
    path = delivered(settings, "contacts.csv")
    lines = (
        contacts(*CHILDREN)
        .to_csv(index=False)
        .replace("\n", "\r\n")
        .encode("latin-1")
        .splitlines(keepends=True)
    )
    path.write_bytes(b"".join(lines))
    assert erase(settings, "QZX0001") == (["contacts.csv"], {})
    assert path.read_bytes() == lines[0] + lines[2] + lines[4]


def test_a_file_without_the_child_stays_as_it_is(settings: Settings) -> None:
    path = delivered(settings, "contacts.csv")
    path.write_text(contacts("B2").to_csv(index=False))
    before = path.read_bytes()
    assert erase(settings, "QZX0001") == ([], {})
    assert path.read_bytes() == before


def test_a_file_of_another_kind_is_named_and_stays(settings: Settings) -> None:
    path = delivered(settings, "contacts.xlsm")
    path.write_bytes(workbook(contacts(*CHILDREN)))
    before = path.read_bytes()
    assert erase(settings, "QZX0001") == ([], {"contacts.xlsm": NOT_CHANGED})
    assert path.read_bytes() == before


def test_a_file_of_which_something_else_would_be_read_is_named_and_stays(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = delivered(settings, "contacts.csv")
    path.write_text(contacts(*CHILDREN).to_csv(index=False))
    before = path.read_bytes()
    one_row_too_many = "cf_pipeline.operations.privacy.raw_files._without_lines"
    monkeypatch.setattr(one_row_too_many, lambda content, _: b"".join(content.splitlines(keepends=True)[:2]))
    assert erase(settings, "QZX0001") == ([], {"contacts.csv": NOT_SAME})
    assert path.read_bytes() == before


def test_an_id_that_stands_elsewhere_in_the_file_is_told(settings: Settings) -> None:
    path = delivered(settings, "a.xlsx")
    path.write_bytes(workbook(contacts(*CHILDREN), note="see QZX0001"))
    assert erase(settings, "QZX0001") == (["a.xlsx"], {"a.xlsx": ELSEWHERE})
    assert ids_in(path) == ["B2", "C3"]


def test_rows_of_purged_cases_are_removed_and_a_new_case_of_the_child_stays(settings: Settings) -> None:
    path = delivered(settings, "contacts.csv")
    rows = [contact("A1", "02/10/2015"), contact("B2", "03/10/2015"), contact("A1", "05/11/2019")]
    lines = pd.DataFrame(rows, columns=CONTACTS).to_csv(index=False).encode().splitlines(keepends=True)
    path.write_bytes(b"".join(lines))
    purge = Purge(pd.Timestamp("2016-01-01"), pd.Timestamp("2018-12-31"))
    people = ErasedPeople("E09000007", keys=(bytes(32),)).with_purge("contacts", ["A1"], purge)
    assert remove_from_files(settings, "camden", people) == ([path], {})
    assert path.read_bytes() == lines[0] + lines[2] + lines[3]
