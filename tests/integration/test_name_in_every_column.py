"""A name written into every free-text and coded column reaches no output that is open to all staff."""

from __future__ import annotations

import csv
import zipfile
from pathlib import Path

import duckdb
import pytest

from cf_pipeline.cli.main import main
from cf_pipeline.contracts.list_contract import Column
from cf_pipeline.contracts.lists import list_contracts

NAME = "Jane Canary"
WORDS = NAME.split()
AS_AT = "2019-12-31"
ROWS = 4
DATES = ("date", "datetime")
TEXTS = ("string", "code", "worker", "presence", "postcode")


def deliver_names(raw: Path, authority: str) -> None:
    """Every list, each with a few rows of three children and the name in every column that may hold it."""
    folder = raw / authority / AS_AT
    folder.mkdir(parents=True)
    for contract in list_contracts().values():
        with (folder / f"{contract.name}.csv").open("w", newline="") as lines:
            table = csv.writer(lines)
            table.writerow([column.header for column in contract.columns])
            for number in range(ROWS):
                table.writerow(
                    [_cell(column, contract.person, contract.key_date, number) for column in contract.columns]
                )


def _cell(column: Column, person: str, key_date: str | None, number: int) -> str:
    if column.name == person:
        return str(100001 + number % 3)
    if column.type == "id":
        return f"R{number}"
    if column.name == "date_of_birth":
        return "2010-05-01"
    if column.name == key_date:
        return f"2019-12-0{number + 1}"
    return NAME if column.type in TEXTS else ""


def texts_of(path: Path) -> str:
    """Everything a file says: a workbook and a document are unpacked, a database is read table by table."""
    if path.suffix == ".duckdb":
        with duckdb.connect(str(path), read_only=True) as database:
            database.execute(f"EXPORT DATABASE '{path.with_suffix('.exported')}'")
        return "".join(map(texts_of, sorted(path.with_suffix(".exported").iterdir())))
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            return "".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
    return path.read_bytes().decode("utf-8", "replace")


@pytest.mark.slow
def test_a_name_in_every_column_is_in_no_open_output(
    project: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    deliver_names(project / "raw", "hackney")
    assert main(["run"]) in (0, 2)
    files = sorted((project / "raw" / "hackney" / AS_AT).glob("*.csv"))
    assert main(
        ["check", *map(str, files), "--json", "--workbook", str(project / "data" / "outputs" / "check.xlsx")]
    ) in (0, 2)
    said = "".join(capfd.readouterr())
    assert not [word for word in WORDS if word in said]
    data = project / "data"
    open_files = [
        path
        for folder in ("outputs", "warehouse", "dagster")
        for path in (data / folder).rglob("*")
        if path.is_file() and "restricted" not in path.relative_to(data).as_posix()
    ]
    assert {path.suffix for path in open_files} >= {".duckdb", ".html", ".xlsx"}
    assert [path.name for path in open_files if any(word in texts_of(path) for word in WORDS)] == []
    (restricted,) = (data / "outputs").rglob("restricted/*.xlsx")
    assert NAME in texts_of(restricted)
