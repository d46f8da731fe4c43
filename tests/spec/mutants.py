"""Wrong KPI records: every small way a record's rules could be mistyped."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from typing import Any

from cf_pipeline.contracts.list_contract import PROVENANCE
from cf_pipeline.history.tables.core_tables import core_columns
from cf_pipeline.kpi.definitions.registry import FOLDER, build_registry, read_records
from cf_pipeline.kpi.definitions.sides import Side

Record = dict[str, Any]
OTHER_KIND = {"median_days": "average", "average": "median_days", "rate_10k": "flow_count"}
SWAPS = {"<=": "<", "<": "<=", ">=": ">", ">": ">=", "==": "!=", "!=": "=="}


def records() -> list[Record]:
    """Every record of the registry as its file has it."""
    return read_records(FOLDER)


def needed(record: Record, everything: list[Record]) -> list[Record]:
    """The record and those it refers to, so that a wrong one is tried without building the others."""
    by_id = {other["id"]: other for other in everything} | {record["id"]: record}
    found, waiting = {record["id"]: record}, [record]
    while waiting:
        one = waiting.pop()
        for name in _references([one.get(side) for side in ("numerator", "denominator")]):
            if name in by_id and name not in found:
                found[name] = by_id[name]
                waiting.append(by_id[name])
    return list(found.values())


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from (value[key] for key in ("kpi", "of", "within") if isinstance(value.get(key), str))
        for part in value.values():
            yield from _references(part)
    elif isinstance(value, list):
        for part in value:
            yield from _references(part)


def mutants(record: Record, everything: list[Record]) -> Iterator[tuple[str, Record]]:
    """(what was changed, the changed record) for each mutation of its kind, bands and sides."""
    kpi = build_registry(needed(record, everything))[record["id"]]
    for name, side in (("numerator", kpi.numerator), ("denominator", kpi.denominator)):
        if side is not None and name in record:
            for label, wrong in _sides(record[name], side):
                yield f"{name}: {label}", copy.deepcopy(record) | {name: wrong}
    if record["kind"] in OTHER_KIND:
        yield "another kind", record | {"kind": OTHER_KIND[record["kind"]]}
    for label, band in _bands(record.get("band", {}), kpi.numerator.table):
        yield f"band: {label}", record | {"band": band}


def _bands(band: Record, table: str) -> Iterator[tuple[str, Record]]:
    for entry in ("start", "until"):
        if entry in band:
            yield from (
                (f"{entry} {column}", band | {entry: column})
                for column in _columns(table, "datetime")
                if column != band[entry]
            )
    if "until" in band:
        yield "to the period's end", {"start": band["start"]}
    for position, upper in enumerate(band.get("upper", [])):
        for step in (-1, 1):
            changed = list(band["upper"])
            changed[position] = upper + step
            yield f"{upper} as {upper + step}", band | {"upper": changed}
    for entry, kind in (("number", "Int"), ("codes", "str")):
        if entry in band:
            others = [name for name in _columns(table, kind) if name != band[entry]]
            yield from ((f"{entry} {column}", band | {entry: column}) for column in others[:3])


def _sides(side: Record, rules: Side) -> Iterator[tuple[str, Record]]:
    for position, text in enumerate(side.get("where", [])):
        yield f"without {text!r}", side | {"where": _but(side["where"], position)}
        for label, wrong in _conditions(text):
            yield label, side | {"where": _but(side["where"], position, wrong)}
    yield from _timings(side, rules.table)
    if side.get("count") == "children":
        yield "counts rows", side | {"count": "rows"}
    for name in ("within", "fallback"):
        if name in side:
            yield f"{name} nothing", {key: value for key, value in side.items() if key != name}
    for name in ("value", "sum"):
        for column in _columns(rules.table, "Int") if name in side else []:
            if column != side[name]:
                yield f"{name} {column}", side | {name: column}
    if "sum" in side:
        yield "counts rows", {key: value for key, value in side.items() if key != "sum"}
    for name in ("kpi", "of"):
        if side.get(name, "denominator") != "denominator":
            other = "cpp_12_24m_count" if side[name] != "cpp_12_24m_count" else "cpp_stock"
            yield "another KPI", side | {name: other}
    yield from _further_sides(side, rules)


def _timings(side: Record, table: str) -> Iterator[tuple[str, Record]]:
    for column in _columns(table, "datetime") if "date" in side else []:
        if column != side["date"]:
            yield f"date {column}", side | {"date": column}
    for pair in ("open", "overlaps"):
        if pair in side:
            yield f"{pair} swapped", side | {pair: side[pair][::-1]}
            yield f"{pair} never ends", side | {pair: [side[pair][0], "vanished_date"]}
    for step in (-1, 1) if "months" in side else ():
        yield f"{side['months'] + step} months", side | {"months": side["months"] + step}


def _further_sides(side: Record, rules: Side) -> Iterator[tuple[str, Record]]:
    for position, part in enumerate(side.get("union", [])):
        yield f"without part {position + 1}", side | {"union": _but(side["union"], position)}
        for label, wrong in _sides(part, rules.union[position]):
            yield f"part {position + 1}: {label}", side | {"union": _but(side["union"], position, wrong)}
    if rules.fallback is not None:
        for label, wrong in _sides(side.get("fallback", {}), rules.fallback):
            yield f"fallback: {label}", side | {"fallback": wrong}


def _but(items: list[Any], position: int, *instead: Any) -> list[Any]:
    """The items with another (or none) in place of one."""
    return [*items[:position], *instead, *items[position + 1 :]]


def _conditions(text: str) -> Iterator[tuple[str, str]]:
    for match in re.finditer(r" (<=|>=|==|!=|<|>) ", text):
        wrong = f"{text[: match.start()]} {SWAPS[match[1]]} {text[match.end() :]}"
        yield f"{text!r} as {SWAPS[match[1]]}", wrong
    for match in re.finditer(r"(?<![A-Za-z_])(\d+)(?= months| days| working days| years|$)", text):
        for step in (-1, 1):
            wrong = text[: match.start()] + str(int(match[1]) + step) + text[match.end() :]
            yield f"{text!r} as {wrong!r}", wrong
    for one, other in ((" is not null", " is null"), (" not in ", " in "), (" in ", " not in ")):
        if one in text and not (one == " in " and " not in " in text):
            yield f"{text!r} turned round", text.replace(one, other)
            break
    if "person." in text:
        yield f"{text!r} by the list alone", text.replace("person.", "")
    if "at_end." in text:
        yield f"{text!r} as known last", text.replace("at_end.", "")
    if " or " in text:
        for part in text.split(" or "):
            yield f"only {part!r}", part
    if match := re.search(r"\(([A-Z0-9a-z, ]+)\)", text):
        codes = [code.strip() for code in match[1].split(",")]
        for code in codes if len(codes) > 1 else []:
            left = ", ".join(other for other in codes if other != code)
            yield f"{text!r} without {code}", text.replace(match[0], f"({left})")


def _columns(table: str, kind: str) -> list[str]:
    # missing_start and missing_start_date fall in the same quarter: not a mutation
    skipped = {"as_at", "birth_date", "vanished_date", "date_of_birth", "missing_start", "missing_end"}
    skipped |= {"excel_row", *PROVENANCE}
    return [
        name for name, dtype in core_columns(table).items() if dtype.startswith(kind) and name not in skipped
    ]
