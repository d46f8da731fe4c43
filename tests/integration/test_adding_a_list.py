"""`docs/adding_a_list.md` is true: its one file, put where it says, takes its rows from raw/ to the workbook.

The file is added to a copy of the product, in which nothing else is changed.
"""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from cf_pipeline.contracts.list_contract import Column, ListContract
from cf_pipeline.contracts.read_list import read_list
from tests.support.product_copy import ROOT, copy_product, run_command, run_module

GUIDE = (ROOT / "docs" / "adding_a_list.md").read_text(encoding="utf-8")
NAME = "private_fostering"
(TOML,) = re.findall(r"^```toml\n(.*?)^```", GUIDE, re.M | re.S)
(ROWS,) = re.findall(r"^```csv\n(.*?)^```", GUIDE, re.M | re.S)
DELIVERY = "raw/camden/2019-12-31"
CORE = f"data/lake/core/{NAME}/camden.parquet"


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the product with the guide's list, and its rows in the drop zone."""
    copy = copy_product(tmp_path_factory.mktemp("product"))
    (copy / f"cf_pipeline/contracts/lists/{NAME}.toml").write_text(TOML, encoding="utf-8")
    (copy / DELIVERY).mkdir(parents=True)
    (copy / DELIVERY / "export.csv").write_text(ROWS, encoding="utf-8")
    return copy


@pytest.fixture(scope="module")
def after_a_run(product: Path) -> Path:
    ended = run_command(product, "run")
    assert ended.returncode == 0, ended.stderr + ended.stdout
    return product


def test_the_list_is_five_columns_with_the_child_s_details_among_them() -> None:
    contract = read_list(NAME, TOML)
    assert len(contract.columns) == 5
    assert contract.demographics == ["gender", "date_of_birth"]
    assert contract.sheet_names == ()


def test_every_row_is_in_the_core_or_in_quarantine(after_a_run: Path) -> None:
    rows = pd.read_parquet(after_a_run / CORE).sort_values(["notification_date", "excel_row"])
    days = ["2019-10-02", "2019-11-15", "2019-12-19", "2019-12-20"]
    assert rows["notification_date"].dt.strftime("%Y-%m-%d").tolist() == days
    assert rows["is_visited_in_time"].astype("str").fillna("").tolist() == ["Y", "N", "Y", ""]
    assert "child_id" not in rows.columns
    assert rows["person_ref"].nunique() == 3
    ledger = pd.read_parquet(after_a_run / "data/lake/core/row_ledger/camden.parquet")
    (counts,) = ledger[ledger["list"].eq(NAME)].itertuples()
    assert (counts.rows_read, counts.rows_core, counts.rows_quarantined) == (5, 4, 1)


def test_the_child_s_details_reach_the_table_of_children(after_a_run: Path) -> None:
    person = pd.read_parquet(after_a_run / "data/lake/core/person/camden.parquet").set_index("child_id")
    assert person["gender"].to_dict() == {"7001": "F", "7002": "F", "7003": "M"}
    born = person["date_of_birth"]
    assert (born["7001"], born["7002"]) == (pd.Timestamp("2009-03-14"), pd.Timestamp("2012-11-30"))
    assert pd.isna(born["7003"])


def test_the_data_quality_workbook_shows_the_list(after_a_run: Path) -> None:
    (path,) = (after_a_run / "data/outputs/camden").glob("data_quality*.xlsx")
    book = openpyxl.load_workbook(path)
    cells = {str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell}
    assert "Private fostering" in cells or NAME in cells
    assert any("no identifier" in cell for cell in cells)


def test_check_finds_the_list_in_the_file(product: Path) -> None:
    ended = run_command(product, "check", f"{DELIVERY}/export.csv")
    assert ended.returncode == 0, ended.stderr
    assert re.search("private.fostering", ended.stdout, re.IGNORECASE)


def test_the_page_of_the_rules_names_the_list(product: Path) -> None:
    page = run_module(product, "cf_pipeline.outputs.docs_pages.rules").stdout
    unborn = page.partition("### `unborn_child`")[2].partition("###")[0]
    assert NAME in unborn


def test_the_sample_writes_the_list_and_it_is_read_again(product: Path, tmp_path: Path) -> None:
    made = run_module(product, "cf_pipeline.cli.main", "sample", "--years", "1", "--children", "150")
    assert made.returncode == 0, made.stderr
    (book,) = (product / "raw/city-of-london/2019-12-31").glob("Local lists*.xlsx")
    assert "Private fostering" in openpyxl.load_workbook(book, read_only=True).sheetnames
    checked = run_command(product, "check", str(book))
    assert re.search("private.fostering", checked.stdout, re.IGNORECASE), checked.stdout + checked.stderr


def test_a_wrong_file_is_one_sentence(tmp_path: Path) -> None:
    copy = copy_product(tmp_path)
    wrong = TOML.replace('key_date = "notification_date"', 'key_date = "notified_date"')
    (copy / f"cf_pipeline/contracts/lists/{NAME}.toml").write_text(wrong, encoding="utf-8")
    ended = run_command(copy, "check", "export.csv")
    (sentence,) = re.findall(r"^cf-pipeline: list .*", GUIDE, re.M)
    assert ended.stderr.splitlines() == [sentence]
    assert ended.returncode == 1


def test_the_guide_explains_every_key() -> None:
    """A key that is not in the tables is one nobody can find."""
    explained = re.findall(r"^\| (?:\*\*)?`\[{0,2}(\w+)\]{0,2}`", GUIDE, re.M)
    assert sorted(explained) == sorted(
        field.name for kind in (ListContract, Column) for field in fields(kind)
    )
