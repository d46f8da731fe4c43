"""Wrong KPI records: every small way a record's rules could be mistyped."""

from __future__ import annotations

import copy
import re
import tomllib
from collections.abc import Iterator
from importlib import resources
from typing import Any

from cf_pipeline.history.schema import core_columns

Record = dict[str, Any]
SWAPS = {"<=": "<", "<": "<=", ">=": ">", ">": ">=", "==": "!=", "!=": "=="}


def records() -> list[Record]:
    """Every record of the registry as its file has it."""
    folder = resources.files("cf_pipeline.kpi") / "registry"
    found = []
    for path in sorted(folder.iterdir(), key=lambda path: path.name):
        if path.name.endswith(".toml"):
            document = tomllib.loads(path.read_text(encoding="utf-8"))
            found += [{"area": document["area"]} | record for record in document["kpi"]]
    return found


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


def mutants(record: Record) -> Iterator[tuple[str, Record]]:
    """(what was changed, the changed record) for each mutation of its numerator and denominator."""
    for name in ("numerator", "denominator"):
        if name in record:
            for label, side in _sides(record[name], record):
                wrong = copy.deepcopy(record)
                wrong[name] = side
                yield f"{name}: {label}", wrong
    if "band" in record:
        for column in _dates(record["denominator"], record):
            if column != record["band"]["start"]:
                yield f"band from {column}", record | {"band": record["band"] | {"start": column}}


def _sides(side: Record, record: Record) -> Iterator[tuple[str, Record]]:
    for position, text in enumerate(side.get("where", [])):
        others = [other for index, other in enumerate(side["where"]) if index != position]
        yield f"without {text!r}", side | {"where": others}
        for label, wrong in _conditions(text):
            changed = list(side["where"])
            changed[position] = wrong
            yield label, side | {"where": changed}
    if "date" in side:
        for column in _dates(side, record):
            if column != side["date"]:
                yield f"date {column}", side | {"date": column}
    for pair in ("open", "overlaps"):
        if pair in side:
            yield f"{pair} swapped", side | {pair: side[pair][::-1]}
            yield f"{pair} never ends", side | {pair: [side[pair][0], "vanished_date"]}
    if side.get("count") == "children":
        yield "counts rows", side | {"count": "rows"}
    if "within" in side:
        yield "within nothing", {key: value for key, value in side.items() if key != "within"}
    if "fallback" in side:
        yield "no fallback", {key: value for key, value in side.items() if key != "fallback"}
    if "kpi" in side:
        yield "another KPI", {"kpi": "cpp_12_24m_count" if side["kpi"] != "cpp_12_24m_count" else "cpp_stock"}


def _conditions(text: str) -> Iterator[tuple[str, str]]:
    for match in re.finditer(r" (<=|>=|==|!=|<|>) ", text):
        wrong = f"{text[: match.start()]} {SWAPS[match[1]]} {text[match.end() :]}"
        yield f"{text!r} as {SWAPS[match[1]]}", wrong
    for match in re.finditer(r"(?<![A-Za-z_])(\d+)(?= months| days| years|$)", text):
        for step in (-1, 1):
            wrong = text[: match.start()] + str(int(match[1]) + step) + text[match.end() :]
            yield f"{text!r} as {wrong!r}", wrong
    for one, other in ((" is not null", " is null"), (" not in ", " in "), (" in ", " not in ")):
        if one in text and not (one == " in " and " not in " in text):
            yield f"{text!r} turned round", text.replace(one, other)
            break
    if " or " in text:
        for part in text.split(" or "):
            yield f"only {part!r}", part
    if match := re.search(r"\(([A-Z0-9a-z, ]+)\)", text):
        codes = [code.strip() for code in match[1].split(",")]
        for code in codes if len(codes) > 1 else []:
            left = ", ".join(other for other in codes if other != code)
            yield f"{text!r} without {code}", text.replace(match[0], f"({left})")


def _dates(side: Record, record: Record) -> list[str]:
    table = (
        side.get("table")
        or {"cin_duration_bands": "children_in_need", "cpp_duration_bands": "child_protection_plans"}[
            record["id"]
        ]
    )
    # missing_start and missing_start_date fall in the same quarter: not a mutation
    skipped = {"as_at", "birth_date", "vanished_date", "date_of_birth", "missing_start", "missing_end"}
    return [
        name
        for name, dtype in core_columns(table).items()
        if dtype.startswith("datetime") and name not in skipped
    ]
