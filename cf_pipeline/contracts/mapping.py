"""A council's own mapping, `raw/<authority>/mapping.toml`: it takes precedence over the contracts.

It maps the council's headers to columns and its wordings to codes, and sets how ids are padded, in which
columns dates are written month first, and which intervals and workers its lists show. The file is optional.
"""

from __future__ import annotations

import difflib
import re
import stat
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cf_pipeline.contracts.codes import code_sets, codes_of
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.contracts.words.headers import squash
from cf_pipeline.contracts.words.toml_file import TomlError, read_toml
from cf_pipeline.errors import PlainError, escape_invisible, is_machine_fault, machine_error

FILE = "mapping.toml"
NAME = re.compile(r"[a-z]+(?:_[a-z0-9]+)*")
"""How names of tables, settings, lists, columns and code sets are made."""
TABLES = ("ids", "dates", "sheets", "headers", "codes", "categories", "workers", "intervals")
INTERVALS = ("protection_visit",)
"""The intervals that no law sets: a council's own."""
INTERVAL = re.compile(r"[1-9]\d{0,2} (?:working days|days|months)")
"""How an interval is written, as in '10 working days'."""


class MappingError(PlainError):
    """A council's mapping file is wrong; the message is one plain sentence."""


@dataclass(frozen=True)
class CouncilMapping:
    """The settings of one council's mapping; all empty when it has none.

    `headers`: list -> the council's header -> canonical column. `codes`: code set -> wording -> canonical
    code. `sheets`: sheet name -> list. `month_first`: 'list' or 'list.column' whose text dates are mm/dd.
    `id_zero_pad`: digits to which an all-digit child id is filled with leading zeros, 0 for never.
    `load_hidden_sheets`: read a hidden sheet when no visible one holds its list. `infer_codes`: code sets
    whose keyword inference is switched on although it is off by default. `categories`: texts of the council's
    own (teams, organisations) that are published, however rare (docs/rulings.md#31). `workers`: names of
    workers that today's lists may show. `intervals`: the council's own, of INTERVALS, written as INTERVAL.
    """

    headers: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    sheets: Mapping[str, str] = field(default_factory=dict)
    month_first: frozenset[str] = frozenset()
    id_zero_pad: int = 0
    load_hidden_sheets: bool = False
    infer_codes: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()
    workers: frozenset[str] = frozenset()
    intervals: Mapping[str, str] = field(default_factory=dict)

    def list_of_sheet(self, name: str) -> str | None:
        """The list that the council gives for the sheet of this name (a CSV's is the file's, without ending).

        None where it says nothing. Names are compared without regard to case, spaces and punctuation.
        """
        by_name = {squash(sheet): list_name for sheet, list_name in self.sheets.items()}
        return by_name.get(squash(name))


NO_MAPPING = CouncilMapping()


def load_mapping(folder: Path) -> CouncilMapping:
    """The mapping of the authority whose folder in `raw/` this is; empty when there is no file.

    Raises:
        MappingError: the file cannot be read, is a link, or names a list, column, code set or code that does
            not exist.
        MachineError: the machine kept it from being read.
    """
    path = folder / FILE
    where = f"{folder.name}/{FILE}"
    fault = ""
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            raise MappingError(f"{where}: it is a link or a device, not a file; put the file itself there.")
        record = read_toml(path)
    except (FileNotFoundError, NotADirectoryError):
        return NO_MAPPING
    except TomlError as error:
        fault = str(error)
    except OSError as error:
        if is_machine_fault(error):
            raise machine_error(f"{where} could not be read", error) from None
        raise MappingError(f"{where}: cannot be opened; check that it may be read.") from None
    if fault:
        raise MappingError(f"{where}: cannot be read: {fault}; correct the file.")
    return _mapping(record, where)


def _mapping(record: dict[str, Any], where: str) -> CouncilMapping:
    _refuse_unknown(record, TABLES, where, "table")
    tables = {name: _table(record, name, where) for name in TABLES}
    _refuse_unknown(tables["ids"], ("zero_pad",), where, "setting of [ids]")
    _refuse_unknown(tables["dates"], ("month_first",), where, "setting of [dates]")
    _refuse_unknown(tables["categories"], ("publish",), where, "setting of [categories]")
    published = _names(tables["categories"].get("publish", []), where, "publish of [categories]")
    _refuse_unknown(tables["workers"], ("show",), where, "setting of [workers]")
    _refuse_unknown(tables["intervals"], INTERVALS, where, "interval")
    for name, interval in tables["intervals"].items():
        if not isinstance(interval, str) or not INTERVAL.fullmatch(interval):
            raise MappingError(
                f'{where}: {name} of [intervals] must be as in "10 working days" or "28 days".'
            )
    sheets = dict(tables["sheets"])
    load_hidden = sheets.pop("load_hidden", False)
    if not isinstance(load_hidden, bool):
        raise MappingError(f"{where}: load_hidden of [sheets] must be true or false.")
    _refuse_unknown(sheets.values(), list_contracts(), where, "list")
    _check_headers(tables["headers"], where)
    codes = dict(tables["codes"])
    infer = _names(codes.pop("infer", []), where, "infer of [codes]")
    _refuse_unknown(infer, code_sets(), where, "code set")
    _check_codes(codes, where)
    month_first = frozenset(_names(tables["dates"].get("month_first", []), where, "month_first of [dates]"))
    dated = [
        name
        for contract in list_contracts().values()
        for name in (contract.name, *(f"{contract.name}.{column}" for column in contract.column_names))
    ]
    _refuse_unknown(month_first, dated, where, "list or column")
    pad = tables["ids"].get("zero_pad", 0)
    if not isinstance(pad, int) or isinstance(pad, bool) or not 0 <= pad <= 20:
        raise MappingError(f"{where}: zero_pad of [ids] must be a whole number from 0 to 20.")
    return CouncilMapping(
        headers=tables["headers"],
        codes=codes,
        sheets=sheets,
        month_first=month_first,
        id_zero_pad=pad,
        load_hidden_sheets=load_hidden,
        infer_codes=frozenset(infer),
        categories=frozenset(map(escape_invisible, published)),  # as they stand in cleaned rows
        workers=frozenset(_names(tables["workers"].get("show", []), where, "show of [workers]")),
        intervals=tables["intervals"],
    )


def _check_headers(headers: dict[str, Any], where: str) -> None:
    """MappingError when [headers] names a list or a column that does not exist."""
    for list_name in headers:
        columns = _table(headers, list_name, where, "headers.")
        _refuse_unknown((list_name,), list_contracts(), where, "list")
        known = list_contracts()[list_name].column_names
        _refuse_unknown(columns.values(), known, where, f"column of {list_name}")


def _check_codes(codes: dict[str, Any], where: str) -> None:
    """MappingError when [codes] names a code set or a code that does not exist."""
    for code_set in codes:
        words = _table(codes, code_set, where, "codes.")
        _refuse_unknown((code_set,), code_sets(), where, "code set")
        known = [code.code for code in codes_of(code_set)]
        _refuse_unknown(words.values(), known, where, f"code of {code_set}")


def _names(value: Any, where: str, what: str) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise MappingError(f'{where}: {what} must be a list of names, as in ["contacts"].')
    return value


def _table(record: dict[str, Any], name: str, where: str, parent: str = "") -> dict[str, Any]:
    table = record.get(name, {})
    if not isinstance(table, dict):
        raise MappingError(f"{where}: [{parent}{name}] must be a table of its own.")
    return table


def _refuse_unknown(names: Iterable[Any], known_names: Iterable[str], where: str, what: str) -> None:
    """MappingError for a name that is not known.

    It is quoted where it is near to a known one or made as names are; anything else may be a cell's text.
    """
    candidates = list(known_names)
    for number, name in enumerate(names, start=1):
        if name not in candidates:
            close = difflib.get_close_matches(str(name), candidates, n=1)
            meant = f"; did you mean {close[0]}?" if close else "."
            shown = f" {name}" if close or NAME.fullmatch(str(name)) else f", entry {number} (not shown)"
            raise MappingError(f"{where}: unknown {what}{shown}{meant}")
