"""The columns of a data file: identifiers, filters and indicators, read from `data/columns.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from cf_pipeline.contracts.tables import TableColumn
from cf_pipeline.outputs.public_release import breakdown_words


@dataclass(frozen=True)
class Filter:
    """A column by which figures are chosen; `grouping` names the column that groups its values."""

    name: str
    label: str
    grouping: str = ""


@dataclass(frozen=True)
class Indicator:
    """A column of figures: the column of fact_kpi_quarterly it is from, and the kinds of KPI that have it."""

    name: str
    label: str
    description: str
    source: str
    kinds: tuple[str, ...]
    unit: str
    decimals: int


@dataclass(frozen=True)
class DataColumns:
    """What every data file has: identifiers with their descriptions, filters, indicators, and symbols."""

    country_code: str
    country_name: str
    symbols: Mapping[str, str]
    identifiers: Mapping[str, str]
    filters: tuple[Filter, ...]
    indicators: tuple[Indicator, ...]

    def all_filters(self, breakdowns: Sequence[str]) -> list[Filter]:
        """The filters of figures that are split by these breakdowns."""
        splits = (Filter(name, breakdown_words(name).capitalize()) for name in breakdowns)
        return [*self.filters, *splits]

    def table_columns(self, breakdowns: Sequence[str]) -> list[TableColumn]:
        """Every column of a data file, in order; all but indicators are its key."""
        identifiers = (
            TableColumn(name, "string", description, is_key=True)
            for name, description in self.identifiers.items()
        )
        filters = (
            TableColumn(each.name, "string", f"{each.label}; Total for all together", is_key=True)
            if each not in self.filters
            else TableColumn(each.name, "string", each.label, is_key=True)
            for each in self.all_filters(breakdowns)
        )
        indicators = (TableColumn(each.name, "number", each.description) for each in self.indicators)
        return [*identifiers, *filters, *indicators]


@cache
def data_columns() -> DataColumns:
    """The columns as `data/columns.toml` declares them."""
    file = resources.files("cf_pipeline.outputs.open_data") / "data" / "columns.toml"
    record = tomllib.loads(file.read_text(encoding="utf-8"))
    filters = {name: Filter(name, label) for name, label in record["filters"].items()}
    filters["measure"] = Filter("measure", filters["measure"].label, grouping="area")
    indicators = (Indicator(**{**each, "kinds": tuple(each["kinds"])}) for each in record["indicators"])
    return DataColumns(
        record["country_code"],
        record["country_name"],
        record["symbols"],
        record["identifiers"],
        tuple(filters.values()),
        tuple(indicators),
    )
