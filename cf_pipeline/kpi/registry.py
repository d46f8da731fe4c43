"""The KPI registry: one record a KPI under `registry/*.toml`, checked when it is loaded.

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

from cf_pipeline.history.schema import STATES, core_columns
from cf_pipeline.kpi.conditions import Condition, parse

KINDS = ("flow_count", "stock", "percentage", "distribution")
MEASURE_CLASSES = ("output", "timeliness", "outcome", "process")
POLARITIES = ("higher_better", "lower_better", "context")
FORECAST_RULES = ("run_rate", "ratio_of_forecasts", "last_stock", "last_ratio", "distinct_carry", "none")
STANDARD_BREAKDOWNS = {
    "age_band": "birth_date",
    "gender": "gender",
    "ethnicity": "ethnicity",
    "disability": "has_disability",
    "team": "allocated_team",
}
"""Breakdowns every list can have, and the column each reads (from core/person where a list lacks it)."""
AT_END = "at_end."
"""Prefix of a column read from the first delivery within 31 days of the period's end (ruling 3, 4)."""


class RegistryError(ValueError):
    """A KPI record that cannot be measured; the message is one plain sentence naming the KPI."""


@dataclass(frozen=True)
class Side:
    """What a numerator or denominator counts.

    Exactly one timing: `date` (an event in the period), `open` (from, to: open at the period's end),
    `overlaps` (from, to: overlapping the period) or `state` (rows of the delivery near the period's end).
    A side with a `base` counts those members of the base for which its own `where` holds as well, so a
    child is judged by the same record in both.
    """

    table: str
    date: str | None = None
    open: tuple[str, str] | None = None
    overlaps: tuple[str, str] | None = None
    state: bool = False
    where: tuple[Condition, ...] = ()
    count: str = "rows"
    within: str | None = None
    base: Side | None = None
    fallback: Side | None = None
    note: str | None = None

    @property
    def is_stock(self) -> bool:
        """Whether it is measured on the period's last day."""
        return self.open is not None or self.state

    @property
    def date_columns(self) -> tuple[str, ...]:
        """The columns that place a row in time."""
        if self.date:
            return (self.date,)
        return self.open or self.overlaps or ()

    @property
    def columns(self) -> set[str]:
        """Every column of its table that it reads, its base's and `at_end.` ones included."""
        own = set(self.date_columns).union(*(condition.columns for condition in self.where))
        return own if self.base is None else own | self.base.columns


@dataclass(frozen=True)
class Band:
    """The bands of a distribution: 'duration' from a start date to the period's end."""

    name: str
    start: str


@dataclass(frozen=True)
class Kpi:
    """One KPI: its words, its rules and its two sides."""

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
    comparator_note: str = ""
    comparator_series: str | None = None
    breakdowns: tuple[str, ...] = ()
    band: Band | None = None


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
    kpi_id = record["id"]
    for name, allowed in (
        ("kind", KINDS),
        ("measure_class", MEASURE_CLASSES),
        ("polarity", POLARITIES),
        ("forecast_rule", FORECAST_RULES),
    ):
        if record.get(name) not in allowed:
            raise RegistryError(
                f"KPI {kpi_id}: {name} {record.get(name)!r} is not one of {', '.join(allowed)}"
            )
    has_denominator = "denominator" in record
    if has_denominator != (record["kind"] in ("percentage", "distribution")):
        raise RegistryError(
            f"KPI {kpi_id}: a {record['kind']} {'has no' if has_denominator else 'needs a'} denominator"
        )
    if (record["kind"] == "distribution") != ("band" in record):
        raise RegistryError(f"KPI {kpi_id}: bands belong to a distribution, and only to one")
    denominator = _side(kpi_id, record["denominator"], by_id, ()) if has_denominator else None
    numerator = _side(kpi_id, record["numerator"], by_id, (), denominator)
    values = {key: value for key, value in record.items() if key not in ("numerator", "denominator", "band")}
    unknown = sorted(set(values) - set(Kpi.__dataclass_fields__))
    if unknown:
        raise RegistryError(f"KPI {kpi_id}: unknown entry {', '.join(unknown)}")
    values["breakdowns"] = tuple(record.get("breakdowns", ()))
    band = Band(**record["band"]) if "band" in record else None
    kpi = Kpi(numerator=numerator, denominator=denominator, band=band, **values)
    _check_breakdowns(kpi)
    return kpi


def _side(
    kpi_id: str,
    record: Mapping[str, Any],
    by_id: Mapping[str, Mapping[str, Any]],
    seen: tuple[str, ...],
    denominator: Side | None = None,
) -> Side:
    """The side a record describes, references to other KPIs followed."""
    if "kpi" in record:
        other = record["kpi"]
        if other in (kpi_id, *seen):
            raise RegistryError(f"KPI {kpi_id}: its sides refer to each other in a circle ({other})")
        if other not in by_id:
            raise RegistryError(f"KPI {kpi_id}: no KPI {other}")
        return _side(kpi_id, by_id[other]["numerator"], by_id, (*seen, other))
    if "of" in record:
        base = denominator
        if record["of"] != "denominator":
            base = _side(kpi_id, {"kpi": record["of"]}, by_id, seen)
        if base is None:
            raise RegistryError(f"KPI {kpi_id}: there is no denominator to be part of")
        where = _conditions(kpi_id, record.get("where", ()))
        side = replace(base, where=where, base=base, fallback=None)
    else:
        side = _own_side(kpi_id, record, by_id)
    _check_columns(kpi_id, side)
    return side


def _own_side(kpi_id: str, record: Mapping[str, Any], by_id: Mapping[str, Mapping[str, Any]]) -> Side:
    unknown = sorted(set(record) - set(Side.__dataclass_fields__))
    if unknown:
        raise RegistryError(f"KPI {kpi_id}: unknown entry {', '.join(unknown)}")
    timings = [name for name in ("date", "open", "overlaps", "state") if record.get(name)]
    if len(timings) != 1:
        raise RegistryError(f"KPI {kpi_id}: one of date, open, overlaps or state places its rows in time")
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


def _check_columns(kpi_id: str, side: Side) -> None:
    try:
        columns = core_columns(side.table)
    except KeyError:
        raise RegistryError(f"KPI {kpi_id}: no table {side.table}") from None
    for column in sorted(side.columns):
        known = (
            column.removeprefix(AT_END) in STATES.get(side.table, ())
            if column.startswith(AT_END)
            else column in columns
        )
        if not known:
            raise RegistryError(f"KPI {kpi_id}: table {side.table} has no column {column}")
    for column in side.date_columns:
        if not columns[column].startswith("datetime"):
            raise RegistryError(f"KPI {kpi_id}: {side.table}.{column} is not a date")


def _check_breakdowns(kpi: Kpi) -> None:
    columns = core_columns(kpi.numerator.table)
    for breakdown in kpi.breakdowns:
        if breakdown not in columns and breakdown not in STANDARD_BREAKDOWNS and breakdown != "band":
            raise RegistryError(f"KPI {kpi.id}: table {kpi.numerator.table} has no column {breakdown}")
    if kpi.band is not None and kpi.band.start not in columns:
        raise RegistryError(f"KPI {kpi.id}: table {kpi.numerator.table} has no column {kpi.band.start}")
