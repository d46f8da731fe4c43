"""What is checked of a KPI record before it is believed: its words, tables, columns and bands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from cf_pipeline.history.person import ATTRIBUTES
from cf_pipeline.history.schema import STATES, core_columns
from cf_pipeline.kpi.sides import AT_END, PERSON, Band, Side

WORDS = {
    "measure_class": ("output", "timeliness", "outcome", "process"),
    "polarity": ("higher_better", "lower_better", "context"),
    "forecast_rule": (
        "run_rate",
        "ratio_of_forecasts",
        "rate_of_forecast",
        "last_stock",
        "last_ratio",
        "distinct_carry",
        "ytd_value",
        "none",
    ),
}
"""Entries of a record that are one of some words."""
STANDARD_BREAKDOWNS = {
    "age_band": "birth_date",
    "gender": "gender",
    "ethnicity": "ethnicity",
    "disability": "has_disability",
    "team": "allocated_team",
}
"""Breakdowns every list can have, and the column each reads (from core/person where a list lacks it)."""
_NUMBERS = ("Int64", "Int16", "Float64")
_VALUES = (*_NUMBERS, "datetime64")


class RegistryError(ValueError):
    """A KPI record that cannot be measured; the message is one plain sentence naming the KPI."""


def check_words(kpi_id: str, record: Mapping[str, Any]) -> None:
    """RegistryError when an entry is not one of its words."""
    for name, allowed in WORDS.items():
        if record.get(name) not in allowed:
            raise RegistryError(
                f"KPI {kpi_id}: {name} {record.get(name)!r} is not one of {', '.join(allowed)}"
            )


def check_unknown(kpi_id: str, names: Iterable[str], allowed: Iterable[str]) -> None:
    """RegistryError when a record has an entry that its shape has not."""
    unknown = sorted(set(names) - set(allowed))
    if unknown:
        raise RegistryError(f"KPI {kpi_id}: unknown entry {', '.join(unknown)}")


def check_columns(kpi_id: str, side: Side) -> None:
    """RegistryError when a side reads a table or column that is not there, or a date that is none."""
    for part in side.parts:
        columns = _columns(kpi_id, part.table)
        for column in sorted(side.columns):
            if column.startswith(AT_END):
                known = column.removeprefix(AT_END) in STATES.get(part.table, ())
            elif column.startswith(PERSON):
                known = column.removeprefix(PERSON) in ATTRIBUTES
            else:
                known = column in columns
            if not known:
                raise RegistryError(f"KPI {kpi_id}: table {part.table} has no column {column}")
        for column in side.date_columns:
            _check_date(kpi_id, part.table, column)


def check_value(kpi_id: str, side: Side, wanted: bool) -> None:
    """RegistryError when a median or average has no column of numbers or dates, or another kind has one."""
    if wanted != (side.value is not None):
        words = "a median or average needs" if wanted else "only a median or average has"
        raise RegistryError(f"KPI {kpi_id}: {words} a value column")
    if side.value is not None and not core_columns(side.table)[side.value].startswith(_VALUES):
        raise RegistryError(f"KPI {kpi_id}: {side.table}.{side.value} is not a number or date")


def check_breakdowns(
    kpi_id: str, side: Side, breakdowns: tuple[str, ...], overlapping: tuple[str, ...]
) -> None:
    """RegistryError when a breakdown has no column, or one that overlaps is no breakdown."""
    columns = _columns(kpi_id, side.table)
    for breakdown in breakdowns:
        if breakdown not in columns and breakdown not in STANDARD_BREAKDOWNS and breakdown != "band":
            raise RegistryError(f"KPI {kpi_id}: table {side.table} has no column {breakdown}")
    for breakdown in overlapping:
        if breakdown not in breakdowns:
            raise RegistryError(f"KPI {kpi_id}: {breakdown} is not one of its breakdowns")
        if side.count != "children" or breakdown in STANDARD_BREAKDOWNS:
            raise RegistryError(f"KPI {kpi_id}: {breakdown} cannot overlap, a member has one category")


def check_band(kpi_id: str, side: Side, band: Band) -> None:
    """RegistryError when a band is not of exactly one kind or reads a column that is not there."""
    columns = _columns(kpi_id, side.table)
    for column in band.columns:
        if column not in columns and column.removeprefix(AT_END) not in STATES.get(side.table, ()):
            raise RegistryError(f"KPI {kpi_id}: table {side.table} has no column {column}")
    if sum(part is not None for part in (band.start, band.number, band.codes)) != 1:
        raise RegistryError(f"KPI {kpi_id}: a band has one of start, number and codes")
    if (band.number is None) != (not band.upper) or list(band.upper) != sorted(set(band.upper)):
        raise RegistryError(f"KPI {kpi_id}: bands of a number end with rising upper values")
    for column in (name for name in (band.start, band.until) if name is not None):
        _check_date(kpi_id, side.table, column)
    if band.number is not None and columns[band.number] not in _NUMBERS:
        raise RegistryError(f"KPI {kpi_id}: {side.table}.{band.number} is not a number")


def _columns(kpi_id: str, table: str) -> dict[str, str]:
    try:
        return core_columns(table)
    except KeyError:
        raise RegistryError(f"KPI {kpi_id}: no table {table}") from None


def _check_date(kpi_id: str, table: str, column: str) -> None:
    if not core_columns(table)[column].startswith("datetime"):
        raise RegistryError(f"KPI {kpi_id}: {table}.{column} is not a date")
