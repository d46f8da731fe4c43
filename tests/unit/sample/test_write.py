"""The files of the sample: the same bytes each time, the same cells in both layouts, some mess."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
from pathlib import Path

import openpyxl
import pytest

from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.sample import write_sample


@pytest.fixture(scope="module")
def plain(tmp_path_factory) -> Path:
    raw = tmp_path_factory.mktemp("plain")
    write_sample(raw)
    return raw


@pytest.fixture(scope="module")
def ofsted(tmp_path_factory) -> Path:
    raw = tmp_path_factory.mktemp("ofsted")
    write_sample(raw, layout="ofsted")
    return raw


def fingerprints(raw: Path) -> dict[str, str]:
    files = sorted(path for path in raw.rglob("*") if path.is_file())
    return {str(path.relative_to(raw)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def rows_of(path: Path, sheet: str) -> list[tuple[object, ...]]:
    return list(openpyxl.load_workbook(path)[sheet].iter_rows(values_only=True))


def test_it_returns_the_delivery_folders_it_wrote(tmp_path):
    folders = write_sample(tmp_path, authorities=2, children=60, years=1, extension="csv")
    assert [str(folder.relative_to(tmp_path)) for folder in folders[:4]] == [
        "city-of-london/2018-04-01_2019-03-31",
        "city-of-london/2019-06-30",
        "city-of-london/2019-09-30",
        "city-of-london/2019-12-31",
    ]
    assert len(folders) == 8
    assert all(folder.is_dir() for folder in folders)


def test_the_same_seed_gives_the_same_bytes(plain, tmp_path):
    write_sample(tmp_path)
    assert fingerprints(tmp_path) == fingerprints(plain)


def test_another_seed_gives_other_bytes(plain, tmp_path):
    write_sample(tmp_path, seed=2020)
    mine, other = fingerprints(plain), fingerprints(tmp_path)
    assert set(mine) == set(other)
    assert not set(mine.values()) & set(other.values())


def test_ofsteds_layout_has_the_same_rows_under_a_title(plain, ofsted):
    name = "city-of-london/2019-12-31/Annex A 2019-12-31.xlsx"
    sheets = openpyxl.load_workbook(ofsted / name).sheetnames
    assert sheets == ["Front_Sheet", "Guidance", *(f"List_{number}" for number in range(1, 12))]
    for number in range(1, 12):
        title, *rows = rows_of(ofsted / name, f"List_{number}")
        assert str(title[0]).startswith(f"List {number}: ")
        assert rows == rows_of(plain / name, f"List {number}")


def test_local_lists_are_the_same_file_in_both_layouts(plain, ofsted):
    name = "city-of-london/2019-12-31/Local lists 2019-12-31.xlsx"
    assert fingerprints(plain)[name] == fingerprints(ofsted)[name]


def test_dates_are_real_date_cells_and_some_are_text(plain):
    path = plain / "city-of-london/2019-12-31/Annex A 2019-12-31.xlsx"
    sheet = openpyxl.load_workbook(path)["List 1"]
    cells = [row[5] for row in sheet.iter_rows(min_row=2) if row[0].value not in (None, "Total")]
    real = [cell for cell in cells if isinstance(cell.value, dt.datetime)]
    text = [cell for cell in cells if isinstance(cell.value, str)]
    assert len(real) > 5 * len(text) > 0
    assert {cell.number_format for cell in real} == {"dd/mm/yyyy"}
    assert all(dt.datetime.strptime(cell.value, "%d/%m/%Y") for cell in text)  # noqa: DTZ007


def test_every_delivery_has_rows_that_are_no_records(plain):
    for path in sorted(plain.rglob("Annex A *.xlsx")):
        contacts = rows_of(path, "List 1")
        assert any(row[0] == "Total" for row in contacts)
        records = [row for row in contacts if row[7] is not None]
        assert len(records) == len(set(records)) + 1  # an exact duplicate
        header, *referrals = rows_of(path, "List 3")
        assert header in referrals  # a header repeated
        assert any(row[0] is None and row[5] is not None for row in referrals)  # data without an id
        assert any(not any(row) for row in referrals)  # a blank row between others


def test_ids_keep_one_form_a_child_in_every_file(plain):
    forms: dict[str, set[type]] = {}
    for path in sorted(plain.rglob("*.xlsx")):
        book = openpyxl.load_workbook(path)
        for sheet in book.worksheets:
            header, *rows = sheet.iter_rows(values_only=True)
            if "Child Unique ID" in header:
                at = header.index("Child Unique ID")
                for row in rows:
                    if row[at] not in (None, "Total", "Child Unique ID"):
                        forms.setdefault(str(row[at]), set()).add(type(row[at]))
    assert all(len(kinds) == 1 for kinds in forms.values())
    assert all(kinds == {str} for child, kinds in forms.items() if child.startswith("0"))


def test_headers_are_known_spellings_or_columns_nobody_asked_for(plain):
    def squashed(text: str) -> str:
        return "".join(letter for letter in text.lower() if letter.isalnum())

    path = plain / "city-of-london/2019-09-30/Annex A 2019-09-30.xlsx"
    for contract in list_contracts().values():
        if contract.number is None:
            continue
        known = {squashed(name) for c in contract.columns for name in (c.header, *c.aliases)}
        header = rows_of(path, f"List {contract.number}")[0]
        extra = [name for name in header if squashed(str(name)) not in known]
        assert extra in ([], ["Month of Extract"])


def test_csv_has_one_file_a_list_with_day_first_dates(tmp_path):
    (folder, *_) = write_sample(tmp_path, children=60, years=1, extension="csv")
    assert len(list(folder.glob("*.csv"))) == len(list_contracts())
    with (folder / "cla_visits.csv").open(encoding="utf-8-sig", newline="") as lines:
        due = [row["Visit due date"] for row in csv.DictReader(lines) if row["Visit due date"]]
    assert sum("/" in day for day in due) > len(due) / 2


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"authorities": 34}, "34"),
        ({"authorities": 0}, "0"),
        ({"years": 0}, "year"),
        ({"children": 5}, "30 children"),
    ],
)
def test_numbers_that_make_no_sample_are_refused(tmp_path, wrong, message):
    with pytest.raises(ValueError, match=message):
        write_sample(tmp_path, **wrong)
    assert not any(tmp_path.iterdir())
