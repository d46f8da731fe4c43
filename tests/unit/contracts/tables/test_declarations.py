"""The table contracts: declared once, complete, and one type a name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import pandas as pd
import pytest

from cf_pipeline.contracts.tables import TableContract, declarations, table_contract, table_contracts

LAYERS = sorted(
    folder.name
    for folder in resources.files("cf_pipeline.contracts.tables").iterdir()
    if folder.is_dir() and not folder.name.startswith("_")
)
CONTRACTS = [contract for layer in LAYERS for contract in table_contracts(layer)]
SHARED = 'kpi_id = { type = "string", max_length = 64, description = "name of the KPI" }\n'


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of contracts of its own, with one shared column and one table."""
    (tmp_path / "kpi").mkdir()
    (tmp_path / "columns.toml").write_text(SHARED, encoding="utf-8")
    monkeypatch.setattr(declarations, "_folder", lambda: tmp_path)
    forget()
    declare(
        tmp_path,
        "kpi/figures",
        'title = "Figures."\nkey = ["kpi_id"]\n[columns]\nkpi_id = {}\n'
        'value = { type = "number", description = "the figure" }\n',
    )
    yield tmp_path
    forget()


def forget() -> None:
    """Drop the contracts that were read from another folder."""
    declarations.table_contract.cache_clear()
    declarations._shared.cache_clear()


def declare(folder: Path, path: str, text: str) -> None:
    (folder / f"{path}.toml").write_text(text, encoding="utf-8")


@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda contract: contract.path)
def test_every_table_and_column_is_described(contract: TableContract) -> None:
    assert contract.title
    assert contract.columns
    assert all(column.description for column in contract.columns)


def test_a_column_name_has_one_type_everywhere_though_its_texts_may_be_stored_as_categories() -> None:
    types: dict[str, set[str]] = defaultdict(set)
    for contract in CONTRACTS:
        for column in contract.columns:
            types[column.name].add("string" if column.type == "category" else column.type)
    assert {name: found for name, found in types.items() if len(found) > 1} == {}


def test_texts_that_a_table_stores_as_categories_have_no_length(folder: Path) -> None:
    declare(folder, "kpi/few", 'title = "Few texts."\n[columns]\nkpi_id = { type = "category" }\n')
    column = table_contract("kpi/few").columns[0]
    assert (column.dtype, column.max_length) == ("category", None)


def test_a_frame_of_rows_has_the_columns_in_order_with_their_dtypes(folder: Path) -> None:
    frame = table_contract("kpi/figures").frame([("contacts_count", 4)])
    assert {name: str(dtype) for name, dtype in frame.dtypes.items()} == {"kpi_id": "str", "value": "Float64"}
    assert frame.to_numpy().tolist() == [["contacts_count", 4.0]]


def test_an_empty_frame_has_every_column(folder: Path) -> None:
    contract = table_contract("kpi/figures")
    assert contract.empty().empty
    assert list(contract.empty().columns) == contract.column_names


def test_cast_leaves_out_what_the_contract_does_not_name(folder: Path) -> None:
    frame = pd.DataFrame({"value": [1], "team": ["East"], "kpi_id": ["contacts_count"]})
    assert list(table_contract("kpi/figures").cast(frame).columns) == ["kpi_id", "value"]


def test_a_table_like_another_says_only_what_it_adds_and_leaves_out(folder: Path) -> None:
    declare(
        folder,
        "kpi/targets",
        'title = "Targets."\nlike = "kpi/figures"\nwithout = ["value"]\n'
        '[columns]\ntarget = { type = "number", description = "the target" }\n',
    )
    contract = table_contract("kpi/targets")
    assert contract.column_names == ["kpi_id", "target"]
    assert contract.key == ["kpi_id"]


def test_a_table_may_describe_a_shared_column_in_its_own_words(folder: Path) -> None:
    declare(folder, "kpi/own", 'title = "Own."\n[columns]\nkpi_id = { description = "the KPI counted" }\n')
    [column] = table_contract("kpi/own").columns
    assert (column.description, column.type, column.max_length) == ("the KPI counted", "string", 64)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[columns]\nkpi_id = {}\n", "kpi/wrong.toml: title is missing"),
        ('title = "x"\nkeys = []\n', "keys is not known here"),
        ('title = "x"\n[columns]\nkpi_id = { lenght = 3 }\n', "column kpi_id: lenght is not known here"),
        ('title = "x"\n[columns]\nnew = { description = "y" }\n', "column new: type must be one of"),
        ('title = "x"\n[columns]\nnew = { type = "string" }\n', "column new: description is missing"),
        ('title = "x"\nkey = ["team"]\n[columns]\nkpi_id = {}\n', "the key must name columns of the table"),
        (
            'title = "x"\n[columns]\nnew = { type = "number", max_length = 3, description = "y" }\n',
            "column new: only a string has a max_length",
        ),
    ],
)
def test_a_wrong_declaration_is_refused_with_its_file_and_column(
    folder: Path, text: str, message: str
) -> None:
    declare(folder, "kpi/wrong", text)
    with pytest.raises(ValueError, match=message):
        table_contract("kpi/wrong")


def test_a_table_that_nobody_declared_is_named() -> None:
    with pytest.raises(KeyError, match="no table contract kpi/nothing"):
        table_contract("kpi/nothing")
