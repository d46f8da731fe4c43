"""One list's TOML as a `ListContract`: every key and value checked, what is wrong said in one sentence."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, get_args

from cf_pipeline.contracts.codes import code_sets, codes_of
from cf_pipeline.contracts.list_contract import (
    AS_AT,
    CHILD_ID,
    DATE_TYPES,
    DEMOGRAPHICS,
    PROVENANCE,
    AgeBands,
    Column,
    ColumnType,
    Counter,
    ListContract,
    ListKind,
    LongExtract,
)
from cf_pipeline.errors import PlainError

Record = dict[str, Any]
BORN = "date_of_birth"
Check = tuple[Callable[[Any], bool], str]
"""Whether a value may stand at a key, and in words what may."""


class ListContractError(PlainError):
    """A list's TOML is wrong; the message is one plain sentence that names the list and the key."""


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_names(value: Any) -> bool:
    return isinstance(value, list) and all(map(_is_text, value))


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_codes(value: Any) -> bool:
    return isinstance(value, dict) and all(map(_is_names, value.values()))


def _is_pairs(value: Any) -> bool:
    return isinstance(value, list) and all(_is_names(pair) and len(pair) == 2 for pair in value)


def _is_counter(value: Any) -> bool:
    return (
        isinstance(value, dict) and set(value) == {"list", "date", "until"} and _is_names([*value.values()])
    )


def _one_of(words: Iterable[str]) -> Check:
    words = tuple(words)
    return (lambda value: value in words), f"one of {', '.join(words)}"


TEXT: Check = (_is_text, "a text in quotes")
NAMES: Check = (_is_names, 'a list of texts, as in ["child_id"]')
NUMBER: Check = (lambda value: _is_whole(value) and value > 0, "a whole number above 0")
MONTHS: Check = (lambda value: _is_whole(value) and value >= 0, "a whole number of months")
FLAG: Check = (lambda value: isinstance(value, bool), "true or false")
CODES: Check = (_is_codes, 'a table of columns and codes, as in { legal_status = ["V1"] }')
PAIRS: Check = (_is_pairs, 'a list of pairs of dates, as in [["start_date", "end_date"]]')
COUNTER: Check = (_is_counter, "a table of list, date and until")

LIST_KEYS: dict[str, Check] = {
    "name": TEXT,
    "title": TEXT,
    "scope": TEXT,
    "kind": _one_of(get_args(ListKind)),
    "person": TEXT,
    "natural_key": NAMES,
    "window_months": MONTHS,
    "columns": (lambda value: isinstance(value, list) and bool(value), "one table [[columns]] a column"),
    "sheet_names": NAMES,
    "number": NUMBER,
    "source_id": TEXT,
    "key_date": TEXT,
    "end_date": TEXT,
    "finish_dates": NAMES,
    "slot_date": TEXT,
    "due_date": TEXT,
    "newest_row_date": TEXT,
    "ordered_dates": PAIRS,
    "one_row_a_child": FLAG,
    "may_show_newest_alone": FLAG,
    "one_open_record": FLAG,
    "holds_unborn": FLAG,
    "until_age": NUMBER,
    "age_bands": _one_of(get_args(AgeBands)),
    "demographics_rank": NUMBER,
    "volatile": NAMES,
    "states": NAMES,
    "closed_codes": CODES,
    "not_counted": CODES,
    "adopted_codes": CODES,
    "adopted_date": TEXT,
    "placed_date": TEXT,
    "covers_whole_window": FLAG,
    "long_extract": _one_of(get_args(LongExtract)),
    "team": TEXT,
    "is_case": FLAG,
    "case_codes": CODES,
    "continues_a_case": FLAG,
    "sample_from": TEXT,
}
"""Every key of a list's TOML and what may stand there."""
DATE_KEYS = tuple(key for key in LIST_KEYS if key.endswith("_date"))
CODE_KEYS = tuple(key for key, check in LIST_KEYS.items() if check is CODES)
"""The keys that name a date, and those that name codes by column."""
NEEDED = ("name", "title", "scope", "kind", "person", "natural_key", "window_months", "columns")
"""Keys that no list can do without."""

COLUMN_KEYS: dict[str, Check] = {
    "name": TEXT,
    "header": TEXT,
    "type": _one_of(get_args(ColumnType)),
    "aliases": NAMES,
    "code_set": TEXT,
    "description": TEXT,
    "counts": COUNTER,
    "is_local": FLAG,
    "is_category": FLAG,
}
"""Every key of a column and what may stand there."""
NEEDED_OF_COLUMN = ("name", "header", "type")


def read_list(file: str, text: str) -> ListContract:
    """The contract that a TOML text declares.

    Args:
        file: the file's name without its ending, which is the list's name.
        text: the TOML.

    Raises:
        ListContractError: a key is unknown, missing or of a wrong value, or names a column, code set or code
            that does not exist.
    """
    try:
        record = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ListContractError(f"list {file}: the file is no TOML: {error}.") from None
    _check_keys(file, record, LIST_KEYS, NEEDED, "")
    if record["name"] != file:
        raise ListContractError(f"list {file}: name is {record['name']}; give it the file's name.")
    columns = tuple(_column(file, column) for column in record.pop("columns"))
    contract = ListContract(columns=columns, **{key: _frozen(value) for key, value in record.items()})
    for fault in _faults(contract):
        raise ListContractError(f"list {file}: {fault}.")
    return contract


def _column(file: str, record: Any) -> Column:
    if not isinstance(record, dict):
        raise ListContractError(f"list {file}: columns must be tables [[columns]].")
    where = f"column {record.get('name', '?')}: "
    _check_keys(file, record, COLUMN_KEYS, NEEDED_OF_COLUMN, where)
    counts = record.get("counts")
    values = {"description": record["header"]} | record | {"counts": counts and Counter(**counts)}
    return Column(**{key: _frozen(value) for key, value in values.items()})


def _check_keys(
    file: str, record: Record, checks: Mapping[str, Check], required_keys: tuple[str, ...], where: str
) -> None:
    for key, value in record.items():
        if key not in checks:
            close = difflib.get_close_matches(key, checks, n=1)
            meant = f"; did you mean {close[0]}?" if close else "."
            raise ListContractError(f"list {file}: {where}unknown key {key}{meant}")
        is_allowed, wording = checks[key]
        if not is_allowed(value):
            raise ListContractError(f"list {file}: {where}{key} must be {wording}.")
    for key in required_keys:
        if key not in record:
            raise ListContractError(f"list {file}: {where}{key} is missing.")


def _frozen(value: Any) -> Any:
    """The value with lists as tuples."""
    if isinstance(value, list):
        return tuple(map(_frozen, value))
    if isinstance(value, dict):
        return {key: _frozen(inner) for key, inner in value.items()}
    return value


def _faults(contract: ListContract) -> Iterator[str]:
    """What is wrong between the keys of a contract, in words without a full stop."""
    yield from _name_faults(contract)
    yield from _column_faults(contract)
    yield from _code_faults(contract)
    yield from _missing_parts(contract)


def _missing_parts(contract: ListContract) -> Iterator[str]:
    """Keys that need another key or column which is not there."""
    has_key_date, is_state = contract.key_date is not None, contract.kind == "state"
    has_end = contract.end_date is not None
    if not is_state and not has_key_date:
        yield f"kind {contract.kind} needs a key_date; without one the list is a state"
    if is_state and has_key_date:
        yield "a state has no key_date; leave it out, or choose another kind"
    if contract.kind == "process" and not contract.finish_dates:
        yield "kind process needs finish_dates"
    for key, is_set, has_need, need in (
        ("one_row_a_child", contract.one_row_a_child, has_key_date, "a key_date"),
        ("may_show_newest_alone", contract.may_show_newest_alone, has_key_date, "a key_date"),
        ("one_open_record", contract.one_open_record, has_end, "an end_date"),
        ("continues_a_case", contract.continues_a_case, has_key_date, "a key_date"),
        ("long_extract", contract.long_extract is not None, has_key_date, "a key_date"),
        ("until_age", contract.until_age is not None, has_end, "an end_date"),
        ("until_age", contract.until_age is not None, BORN in contract.column_names, f"a column {BORN}"),
        ("is_case", contract.is_case, contract.worker is not None, "a column of type worker"),
        ("closed_codes", bool(contract.closed_codes), has_end, "an end_date"),
        (
            "closed_codes",
            bool(contract.closed_codes),
            {*contract.closed_codes, contract.end_date} <= set(contract.states),
            "its column and the end_date among states",
        ),
        ("adopted_codes", bool(contract.adopted_codes), has_end, "an end_date"),
        ("placed_date", contract.placed_date is not None, bool(contract.finish_dates), "finish_dates"),
        ("case_codes", bool(contract.case_codes), contract.is_case, "is_case = true"),
        (
            "demographics_rank",
            contract.demographics_rank is not None,
            contract.is_about_children,
            f'person = "{CHILD_ID}"',
        ),
    ):
        if is_set and not has_need:
            yield f"{key} needs {need}"


def _name_faults(contract: ListContract) -> Iterator[str]:
    """Keys that name a column which is not there, or is no date."""
    names = set(contract.column_names)
    dates = {
        **{key: (getattr(contract, key),) for key in DATE_KEYS},
        "finish_dates": contract.finish_dates,
        "ordered_dates": tuple(date for pair in contract.ordered_dates for date in pair),
    }
    others = {
        **{key: (getattr(contract, key),) for key in ("person", "source_id", "team")},
        **{key: tuple(getattr(contract, key)) for key in ("natural_key", "volatile", "states", *CODE_KEYS)},
    }
    for key, named in (dates | others).items():
        for name in named:
            if name is not None and name not in names:
                yield f"{key} names {name}, which is no column of the list"
            elif name is not None and key in dates and contract.column(name).type not in DATE_TYPES:
                yield f"{key} names {name}, which is no date"


def _column_faults(contract: ListContract) -> Iterator[str]:
    names = contract.column_names
    for column in contract.columns:
        if names.count(column.name) > 1:
            yield f"column {column.name} is there twice"
        if column.name in PROVENANCE:
            yield f"column {column.name} has a name that says where a row came from; choose another"
        if (column.type == "code") != (column.code_set is not None):
            yield f"column {column.name} must have a code_set when its type is code, and only then"
        if column.code_set is not None and column.code_set not in code_sets():
            yield f"column {column.name}: there is no code_set {column.code_set}"
        known = DEMOGRAPHICS.get(column.name)
        if known is not None and (column.type, column.code_set) != (known.type, known.code_set):
            of_set = f" with code_set {known.code_set}" if known.code_set else ""
            yield f"column {column.name} is about who the child is and must be of type {known.type}{of_set}"
        if column.counts is not None and column.counts.until not in (AS_AT, *contract.names_of_type("date")):
            yield f"column {column.name}: until of counts must be a date of the list, or {AS_AT}"
        if column.counts is not None and column.type != "integer":
            yield f"column {column.name} has counts and must be of type integer"


def _code_faults(contract: ListContract) -> Iterator[str]:
    """Codes that the code set of their column does not have."""
    for key in CODE_KEYS:
        columns: Mapping[str, tuple[str, ...]] = getattr(contract, key)
        for name, codes in columns.items():
            code_set = contract.column(name).code_set
            known = [code.code for code in codes_of(code_set)] if code_set else []
            for code in codes:
                if code not in known:
                    yield f"{key} names {code}, which is no code of {name}"
