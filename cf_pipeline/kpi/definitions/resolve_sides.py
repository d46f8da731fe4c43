"""The sides of KPIs read from their records, references to other KPIs followed.

Every side is read once, whoever refers to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from cf_pipeline.kpi.definitions.check_conditions import check_conditions
from cf_pipeline.kpi.definitions.check_record import check_columns
from cf_pipeline.kpi.definitions.conditions import Condition, parse
from cf_pipeline.kpi.definitions.record_schema import RegistryError, check_shape, meant, side_shape
from cf_pipeline.kpi.definitions.sides import Side

TIMINGS = ("date", "open", "overlaps", "state", "year")
COUNTS = ("rows", "children")
NAMED = tuple[str, str]
"""A KPI and which of its sides: 'numerator' or 'denominator'."""


@dataclass(frozen=True)
class Place:
    """Where in a record a side is read ('numerator.fallback'), and the sides that led to it, itself last."""

    path: str
    led_here: tuple[NAMED, ...]

    @property
    def kpi_id(self) -> str:
        """The KPI whose record is read."""
        return self.led_here[-1][0]

    def inside(self, entry: str) -> Place:
        """The place of a side that this one holds."""
        return Place(f"{self.path}.{entry}", self.led_here)


@dataclass(frozen=True)
class Sides:
    """The sides of some records by the KPI's id."""

    records: Mapping[str, Mapping[str, Any]]
    _read: dict[NAMED, Side] = field(default_factory=dict)

    def side(self, kpi_id: str, name: str, led_here: tuple[NAMED, ...] = ()) -> Side:
        """The numerator or denominator of a KPI.

        Raises:
            RegistryError: the side is wrong, or refers to itself by way of those that led to it.
        """
        named = (kpi_id, name)
        if named in led_here:
            circle = ", ".join(one for one, _ in (*led_here[led_here.index(named) :], named))
            raise RegistryError(
                f"KPI {led_here[-1][0]}: its sides refer to each other in a circle ({circle}); "
                "let one of them name a table."
            )
        if named not in self._read:
            place = Place(name, (*led_here, named))
            self._read[named] = self._side(self.records[kpi_id][name], place)
        return self._read[named]

    def _side(self, record: Mapping[str, Any], place: Place) -> Side:
        check_shape(f"KPI {place.kpi_id}", record, side_shape(record), f"{place.path}.")
        if "kpi" in record:
            return self._other(record["kpi"], place)
        if "of" in record:
            side = self._part(record, place)
        elif "union" in record:
            side = self._union(record, place)
        else:
            side = self._own(record, place)
        check_columns(place.kpi_id, side)
        check_conditions(place.kpi_id, side)
        return side

    def _other(self, kpi_id: str, place: Place) -> Side:
        """What another KPI counts."""
        if kpi_id not in self.records:
            raise RegistryError(f"KPI {place.kpi_id}: no KPI {kpi_id}{meant(kpi_id, self.records)}")
        return self.side(kpi_id, "numerator", place.led_here)

    def _part(self, record: Mapping[str, Any], place: Place) -> Side:
        if record["of"] != "denominator":
            base = self._other(record["of"], place)
        elif "denominator" in self.records[place.kpi_id]:
            base = self.side(place.kpi_id, "denominator", place.led_here)
        else:
            raise RegistryError(f"KPI {place.kpi_id}: there is no denominator to be part of; name a KPI.")
        where = _conditions(record, place)
        value = record.get("value", base.value)
        return replace(base, where=where, base=base, union=(), fallback=None, value=value)

    def _union(self, record: Mapping[str, Any], place: Place) -> Side:
        parts = tuple(self._side(part, place.inside("union")) for part in record["union"])
        if len(parts) < 2:
            raise RegistryError(f"KPI {place.kpi_id}: a union has two sides or more.")
        return Side(parts[0].table, union=parts, count="children")

    def _own(self, record: Mapping[str, Any], place: Place) -> Side:
        kpi_id = place.kpi_id
        if sum(bool(record.get(name)) for name in TIMINGS) != 1:
            raise RegistryError(f"KPI {kpi_id}: one of {', '.join(TIMINGS)} places its rows in time.")
        if "months" in record and "date" not in record:
            raise RegistryError(f"KPI {kpi_id}: months belong to a date.")
        if record.get("count", "rows") not in COUNTS:
            raise RegistryError(f"KPI {kpi_id}: count is {' or '.join(COUNTS)}.")
        values = dict(record) | {"where": _conditions(record, place)}
        for pair in ("open", "overlaps"):
            if pair in record:
                values[pair] = tuple(record[pair])
        if "within" in record:
            self._other(record["within"], place)  # read for its errors; it is counted by name
        if "fallback" in record:
            values["fallback"] = self._side(record["fallback"], place.inside("fallback"))
        return Side(**values)


def _conditions(record: Mapping[str, Any], place: Place) -> tuple[Condition, ...]:
    try:
        return tuple(parse(text) for text in record.get("where", ()))
    except ValueError as error:
        raise RegistryError(f"KPI {place.kpi_id}: {error}.") from None
