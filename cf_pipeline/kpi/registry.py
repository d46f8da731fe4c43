"""The KPI registry: one record a KPI under `registry/*.toml`, read and checked when it is loaded.

A KPI is data. A record that names a table, column, kind or KPI that does not exist is refused with
one sentence that names the KPI.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import Any

from cf_pipeline.kpi.checks import (
    RegistryError,
    check_band,
    check_breakdowns,
    check_columns,
    check_unknown,
    check_value,
    check_words,
)
from cf_pipeline.kpi.conditions import Condition, parse
from cf_pipeline.kpi.sides import Band, Side

TIMINGS = ("date", "open", "overlaps", "state", "year")
RATIOS = ("percentage", "distribution")
VALUES = ("median_days", "average")
KINDS = ("flow_count", "stock", *RATIOS, "rate_10k", *VALUES)


@dataclass(frozen=True)
class Kpi:
    """One KPI: its words, its rules and its two sides.

    The denominator of a `rate_10k` is the population aged 0 to 17, that of a median or average the number
    of values: neither has a denominator side. `overlapping` names the breakdowns that do not add to the
    total because a member can be in several categories. `dfe_statistic` is what the department publishes
    under another name, `comparator_note` how its definition differs from ours.
    """

    id: str
    area: str
    title: str
    measure_class: str
    kind: str
    unit: str
    polarity: str
    numerator: Side
    numerator_text: str
    forecast_rule: str
    denominator: Side | None = None
    denominator_text: str = ""
    decimals: int = 0
    threshold: str = ""
    legal_source: str = ""
    dfe_statistic: str = ""
    comparator_note: str = ""
    comparator_series: str | None = None
    breakdowns: tuple[str, ...] = ()
    overlapping: tuple[str, ...] = ()
    band: Band | None = None

    @property
    def is_divided(self) -> bool:
        """Whether its figures have a denominator."""
        return self.kind not in ("flow_count", "stock")


@cache
def load_registry() -> dict[str, Kpi]:
    """Every KPI of the package by id, in the order of areas and records.

    Raises:
        RegistryError: a record is wrong; the sentence names the KPI.
    """
    folder = resources.files("cf_pipeline.kpi") / "registry"
    records: list[dict[str, Any]] = []
    for path in sorted(folder.iterdir(), key=lambda path: path.name):
        if path.name.endswith(".toml"):
            document = tomllib.loads(path.read_text(encoding="utf-8"))
            records += [{"area": document["area"]} | record for record in document["kpi"]]
    return build_registry(records)


def build_registry(records: list[dict[str, Any]]) -> dict[str, Kpi]:
    """The registry of some records (as TOML gives them); RegistryError as `load_registry`."""
    by_id: dict[str, dict[str, Any]] = {}
    for record in records:
        if record["id"] in by_id:
            raise RegistryError(f"KPI {record['id']}: two records have this id")
        by_id[record["id"]] = record
    return {kpi_id: _kpi(record, by_id) for kpi_id, record in by_id.items()}


def _kpi(record: Mapping[str, Any], by_id: Mapping[str, Mapping[str, Any]]) -> Kpi:
    kpi_id, kind = record["id"], record.get("kind")
    if kind not in KINDS:
        raise RegistryError(f"KPI {kpi_id}: kind {kind!r} is not one of {', '.join(KINDS)}")
    check_words(kpi_id, record)
    has_denominator = "denominator" in record
    if has_denominator != (kind in RATIOS):
        raise RegistryError(
            f"KPI {kpi_id}: a {kind} {'has no' if has_denominator else 'needs a'} denominator"
        )
    if (kind == "distribution") != ("band" in record):
        raise RegistryError(f"KPI {kpi_id}: bands belong to a distribution, and only to one")
    denominator = _side(kpi_id, record["denominator"], by_id, ()) if has_denominator else None
    numerator = _side(kpi_id, record["numerator"], by_id, (), denominator)
    values = {key: value for key, value in record.items() if key not in ("numerator", "denominator", "band")}
    check_unknown(kpi_id, values, Kpi.__dataclass_fields__)
    for name in ("breakdowns", "overlapping"):
        values[name] = tuple(record.get(name, ()))
    band = _band(kpi_id, record["band"]) if "band" in record else None
    kpi = Kpi(numerator=numerator, denominator=denominator, band=band, **values)
    check_value(kpi_id, numerator, wanted=kind in VALUES)
    check_breakdowns(kpi_id, numerator, kpi.breakdowns, kpi.overlapping)
    if band is not None:
        check_band(kpi_id, numerator, band)
    return kpi


def _band(kpi_id: str, record: Mapping[str, Any]) -> Band:
    check_unknown(kpi_id, record, Band.__dataclass_fields__)
    return Band(**{**record, "upper": tuple(record.get("upper", ()))})


def _side(
    kpi_id: str,
    record: Mapping[str, Any],
    by_id: Mapping[str, Mapping[str, Any]],
    seen: tuple[str, ...],
    denominator: Side | None = None,
) -> Side:
    """The side a record describes, references to other KPIs followed."""
    if "kpi" in record:
        check_unknown(kpi_id, record, ("kpi",))
        other = record["kpi"]
        if other in (kpi_id, *seen):
            raise RegistryError(f"KPI {kpi_id}: its sides refer to each other in a circle ({other})")
        if other not in by_id:
            raise RegistryError(f"KPI {kpi_id}: no KPI {other}")
        return _side(kpi_id, by_id[other]["numerator"], by_id, (*seen, other))
    if "of" in record:
        check_unknown(kpi_id, record, ("of", "where", "value"))
        base = denominator
        if record["of"] != "denominator":
            base = _side(kpi_id, {"kpi": record["of"]}, by_id, seen)
        if base is None:
            raise RegistryError(f"KPI {kpi_id}: there is no denominator to be part of")
        where = _conditions(kpi_id, record.get("where", ()))
        value = record.get("value", base.value)
        side = replace(base, where=where, base=base, union=(), fallback=None, value=value)
    elif "union" in record:
        check_unknown(kpi_id, record, ("union",))
        parts = tuple(_side(kpi_id, part, by_id, seen) for part in record["union"])
        if len(parts) < 2:
            raise RegistryError(f"KPI {kpi_id}: a union has two sides or more")
        side = Side(parts[0].table, union=parts, count="children")
    else:
        side = _own_side(kpi_id, record, by_id)
    check_columns(kpi_id, side)
    return side


def _own_side(kpi_id: str, record: Mapping[str, Any], by_id: Mapping[str, Mapping[str, Any]]) -> Side:
    check_unknown(kpi_id, record, Side.__dataclass_fields__)
    timings = [name for name in TIMINGS if record.get(name)]
    if len(timings) != 1:
        raise RegistryError(f"KPI {kpi_id}: one of {', '.join(TIMINGS)} places its rows in time")
    if record.get("months") is not None and not record.get("date"):
        raise RegistryError(f"KPI {kpi_id}: months belong to a date")
    if record.get("within") is not None and record["within"] not in by_id:
        raise RegistryError(f"KPI {kpi_id}: no KPI {record['within']}")
    values = dict(record)
    values["where"] = _conditions(kpi_id, record.get("where", ()))
    for pair in ("open", "overlaps"):
        if pair in record:
            values[pair] = tuple(record[pair])
    if "fallback" in record:
        values["fallback"] = _side(kpi_id, record["fallback"], by_id, ())
    if record.get("count", "rows") not in ("rows", "children"):
        raise RegistryError(f"KPI {kpi_id}: count is rows or children")
    return Side(**values)


def _conditions(kpi_id: str, texts: Any) -> tuple[Condition, ...]:
    try:
        return tuple(parse(text) for text in texts)
    except ValueError as error:
        raise RegistryError(f"KPI {kpi_id}: {error}") from None
