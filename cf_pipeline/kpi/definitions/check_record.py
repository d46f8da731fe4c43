"""Checks of a KPI record's meaning: its words, tables, columns, breakdowns and bands.

Entries and their types are checked before (`record_schema`), conditions after (`check_conditions`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cf_pipeline.contracts.list_contract import DEMOGRAPHICS, PROVENANCE
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.history.tables.core_tables import JOINED_TABLES, STATE_COLUMNS, core_columns
from cf_pipeline.history.tables.derived_columns import CATEGORY
from cf_pipeline.kpi.definitions.record_schema import RegistryError, suggestion
from cf_pipeline.kpi.definitions.sides import AT_END, PERSON, Band, Side

RATIOS = ("percentage", "distribution")
VALUES = ("median_days", "average")
WORDS = {
    "kind": ("flow_count", "stock", *RATIOS, "rate_10k", *VALUES),
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
"""Entries of a record that must be one of some words."""
STANDARD_BREAKDOWNS = {
    "age_band": "birth_date",
    "gender": "gender",
    "ethnicity": "ethnicity",
    "disability": "has_disability",
    "team": "allocated_team",
}
"""Breakdowns that every list can have, and the column each reads; core/person supplies it where a list
lacks it (docs/rulings.md#8)."""
BREAKDOWN_NEEDS = {
    "age_band": "birth_date",
    "gender": "person_ref",
    "ethnicity": "person_ref",
    "disability": "person_ref",
}
"""The column without which a table has no such breakdown."""
TEAM_SPLITS = ("age_band", "gender")
"""What a stock may be split by within each team."""
ColumnType = tuple[str, tuple[str, ...]]
"""The type that a column must have: its name in words, and its dtypes."""
DATE: ColumnType = ("a date", ("datetime64[us]",))
NUMBER = ("a number", ("Int64", "Int16", "Float64"))
WHOLE_NUMBER = ("a whole number", ("Int64", "Int16"))
NUMBER_OR_DATE = ("a number or date", ("Int64", "Int16", "Float64", "datetime64[us]"))
WORD = ("a word or code", ("str", CATEGORY))
SIDE_READS: dict[str, ColumnType] = {
    "date": DATE,
    "open": DATE,
    "overlaps": DATE,
    "year": WHOLE_NUMBER,
    "sum": NUMBER,
    "value": NUMBER_OR_DATE,
}
"""The type of the columns that a side's entries name."""
BAND_READS = {"start": DATE, "until": DATE, "number": NUMBER, "codes": WORD}
"""The type of the columns that a band's entries name."""


def check_words(kpi_id: str, record: Mapping[str, Any]) -> None:
    """Raise RegistryError when an entry is not one of its allowed words."""
    for name, allowed in WORDS.items():
        if record[name] not in allowed:
            raise RegistryError(f"KPI {kpi_id}: {name} {record[name]!r} is not one of {', '.join(allowed)}.")


def check_columns(kpi_id: str, side: Side) -> None:
    """Raise RegistryError when a side reads an unknown table or column, or one of a wrong type."""
    for part in side.parts:
        for column in sorted(side.columns):
            _dtype(kpi_id, part.table, column)
        for entry, column_type in SIDE_READS.items():
            names = getattr(side, entry) or ()
            for column in (names,) if isinstance(names, str) else names:
                if column.startswith((AT_END, PERSON)):
                    raise RegistryError(
                        f"KPI {kpi_id}: {entry} cannot read {column}; name a column of {part.table} itself."
                    )
                _check_type(kpi_id, part.table, entry, column, column_type)
        _check_rows(kpi_id, part)


def _check_rows(kpi_id: str, side: Side) -> None:
    """Raise RegistryError when the rows of a table do not fit the side's entries."""
    columns, contract = _columns(kpi_id, side.table), list_contracts().get(side.table)
    is_state = "delivery_id" in columns if contract is None else contract.kind == "state"
    if side.state and not is_state:
        raise RegistryError(
            f"KPI {kpi_id}: {side.table} is no state on a day; place its rows by date, open or overlaps."
        )
    if (side.open or side.overlaps) and "vanished_date" not in columns:
        raise RegistryError(f"KPI {kpi_id}: rows of {side.table} are not open for a time; use state or year.")
    if (side.count == "children" or side.within is not None) and "person_ref" not in columns:
        raise RegistryError(f"KPI {kpi_id}: rows of {side.table} have no child; leave out count and within.")
    fallback = side.fallback
    if fallback is not None and (fallback.value, fallback.sum) != (side.value, side.sum):
        raise RegistryError(f"KPI {kpi_id}: its fallback has another value or sum; name the same columns.")


def check_value(kpi_id: str, side: Side, is_needed: bool) -> None:
    """Raise RegistryError when a median or average has no value column, or another kind has one."""
    if is_needed != (side.value is not None):
        words = "a median or average needs" if is_needed else "only a median or average has"
        raise RegistryError(f"KPI {kpi_id}: {words} a value column.")


def check_breakdowns(kpi_id: str, side: Side, breakdowns: tuple[str, ...]) -> None:
    """Raise RegistryError when a table of the side lacks the column that a breakdown needs."""
    for breakdown in breakdowns:
        needed = BREAKDOWN_NEEDS.get(breakdown)
        for part in side.parts:
            if needed is not None and needed not in _columns(kpi_id, part.table):
                raise RegistryError(
                    f"KPI {kpi_id}: rows of {part.table} have no {breakdown}; leave out that breakdown."
                )


def check_categories(
    kpi_id: str, side: Side, breakdowns: tuple[str, ...], overlapping: tuple[str, ...]
) -> None:
    """Raise RegistryError when a breakdown's column holds no words, or `overlapping` names a wrong one."""
    for breakdown in breakdowns:
        if breakdown not in STANDARD_BREAKDOWNS and breakdown != "band":
            _check_type(kpi_id, side.table, "a breakdown", breakdown, WORD)
    for breakdown in overlapping:
        if breakdown not in breakdowns:
            raise RegistryError(f"KPI {kpi_id}: overlapping {breakdown} is not one of its breakdowns.")
        if side.count != "children" or breakdown in STANDARD_BREAKDOWNS:
            raise RegistryError(f"KPI {kpi_id}: {breakdown} cannot overlap, a member has one category.")


def check_team_splits(
    kpi_id: str, side: Side, kind: str, breakdowns: tuple[str, ...], splits: tuple[str, ...]
) -> None:
    """Raise RegistryError when what is no stock by team is split within teams, or by something else."""
    if splits and (kind != "stock" or "team" not in breakdowns):
        raise RegistryError(f"KPI {kpi_id}: only a stock with the breakdown team has team_splits.")
    for split in splits:
        if split not in TEAM_SPLITS:
            raise RegistryError(
                f"KPI {kpi_id}: team_splits {split!r} is not one of {', '.join(TEAM_SPLITS)}."
            )
    check_breakdowns(kpi_id, side, splits)


def check_band(kpi_id: str, side: Side, band: Band) -> None:
    """Raise RegistryError when a band is not of exactly one kind or reads a column of a wrong type."""
    for entry, column_type in BAND_READS.items():
        column = getattr(band, entry)
        if column is not None:
            _check_type(kpi_id, side.table, f"band.{entry}", column, column_type)
    if sum(part is not None for part in (band.start, band.number, band.codes)) != 1:
        raise RegistryError(f"KPI {kpi_id}: a band has one of start, number and codes.")
    if (band.number is None) != (not band.upper) or list(band.upper) != sorted(set(band.upper)):
        raise RegistryError(f"KPI {kpi_id}: bands of a number, and only they, end with rising upper values.")
    if band.codes is not None and side.table in JOINED_TABLES:
        raise RegistryError(f"KPI {kpi_id}: {side.table} has no column of codes; band a list's rows by them.")


def _check_type(kpi_id: str, table: str, entry: str, column: str, column_type: ColumnType) -> None:
    words, dtypes = column_type
    if _dtype(kpi_id, table, column) not in dtypes:
        raise RegistryError(
            f"KPI {kpi_id}: {table}.{column} is not {words}, as {entry} must be; name another column."
        )


def _dtype(kpi_id: str, table: str, name: str) -> str:
    """The dtype of a column of a table, of its states (`at_end.`) or of core/person (`person.`)."""
    columns = _columns(kpi_id, table)
    if name.startswith(AT_END):
        known = {f"{AT_END}{column}": columns[column] for column in STATE_COLUMNS.get(table, ())}
    elif name.startswith(PERSON):
        # Text columns alone: the date of birth is already filled in as birth_date.
        words = [name for name, demographic in DEMOGRAPHICS.items() if demographic.code_set]
        known = {f"{PERSON}{column}": "str" for column in words if "person_ref" in columns}
    else:
        known = columns
    if name in PROVENANCE and table not in JOINED_TABLES:
        raise RegistryError(
            f"KPI {kpi_id}: no KPI can read where a row came from ({name}); name another column."
        )
    if name not in known:
        raise RegistryError(f"KPI {kpi_id}: table {table} has no column {name}{suggestion(name, known)}")
    return known[name]


def _columns(kpi_id: str, table: str) -> dict[str, str]:
    try:
        return core_columns(table)
    except KeyError:
        tables = [*list_contracts(), *JOINED_TABLES]
        raise RegistryError(f"KPI {kpi_id}: no table {table}{suggestion(table, tables)}") from None
