"""Read the numerators and denominators of KPI records and resolve their references to other KPIs.

Each side is read once, however many KPIs refer to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from cf_pipeline.kpi.definitions.check_conditions import check_conditions
from cf_pipeline.kpi.definitions.check_record import check_columns
from cf_pipeline.kpi.definitions.conditions import Condition, parse_condition
from cf_pipeline.kpi.definitions.record_schema import RegistryError, check_shape, side_shape, suggestion
from cf_pipeline.kpi.definitions.sides import Side

TIMINGS = ("date", "open", "overlaps", "state", "year")
COUNTS = ("rows", "children")
SideName = tuple[str, str]
"""The id of a KPI, and 'numerator' or 'denominator'."""


@dataclass(frozen=True)
class Place:
    """Where in a record a side is read ('numerator.fallback'), and the references to it, its own last."""

    path: str
    references: tuple[SideName, ...]

    @property
    def kpi_id(self) -> str:
        """The KPI whose record is read."""
        return self.references[-1][0]

    def inside(self, entry: str) -> Place:
        """The place of an entry of this side that is a side itself."""
        return Place(f"{self.path}.{entry}", self.references)


@dataclass(frozen=True)
class SideResolver:
    """The sides of some KPI records, by the KPI's id."""

    records: Mapping[str, Mapping[str, Any]]
    _sides: dict[SideName, Side] = field(default_factory=dict)

    def side(self, kpi_id: str, role: str, references: tuple[SideName, ...] = ()) -> Side:
        """The numerator or denominator of a KPI.

        Args:
            kpi_id: the KPI.
            role: 'numerator' or 'denominator'.
            references: the sides that refer to it, the nearest last.

        Raises:
            RegistryError: the side is wrong, or refers to itself by way of `references`.
        """
        name = (kpi_id, role)
        if name in references:
            circle = ", ".join(other_id for other_id, _ in (*references[references.index(name) :], name))
            raise RegistryError(
                f"KPI {references[-1][0]}: its sides refer to each other in a circle ({circle}); "
                "let one of them name a table."
            )
        if name not in self._sides:
            place = Place(role, (*references, name))
            self._sides[name] = self._read_side(self.records[kpi_id][role], place)
        return self._sides[name]

    def _read_side(self, record: Mapping[str, Any], place: Place) -> Side:
        check_shape(f"KPI {place.kpi_id}", record, side_shape(record), f"{place.path}.")
        if "kpi" in record:
            return self._numerator_of(record["kpi"], place)
        if "of" in record:
            side = self._read_part(record, place)
        elif "union" in record:
            side = self._read_union(record, place)
        else:
            side = self._read_table_side(record, place)
        check_columns(place.kpi_id, side)
        check_conditions(place.kpi_id, side)
        return side

    def _numerator_of(self, kpi_id: str, place: Place) -> Side:
        """The numerator of another KPI, to which the side at `place` refers."""
        if kpi_id not in self.records:
            raise RegistryError(f"KPI {place.kpi_id}: no KPI {kpi_id}{suggestion(kpi_id, self.records)}")
        return self.side(kpi_id, "numerator", place.references)

    def _read_part(self, record: Mapping[str, Any], place: Place) -> Side:
        if record["of"] != "denominator":
            base = self._numerator_of(record["of"], place)
        elif "denominator" in self.records[place.kpi_id]:
            base = self.side(place.kpi_id, "denominator", place.references)
        else:
            raise RegistryError(f"KPI {place.kpi_id}: there is no denominator to be part of; name a KPI.")
        where = _conditions(record, place)
        value = record.get("value", base.value)
        return replace(base, where=where, base=base, union=(), fallback=None, value=value)

    def _read_union(self, record: Mapping[str, Any], place: Place) -> Side:
        parts = tuple(self._read_side(part, place.inside("union")) for part in record["union"])
        if len(parts) < 2:
            raise RegistryError(f"KPI {place.kpi_id}: a union has two sides or more.")
        return Side(parts[0].table, union=parts, count="children")

    def _read_table_side(self, record: Mapping[str, Any], place: Place) -> Side:
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
            self._numerator_of(record["within"], place)  # for its errors alone: counting finds it by name
        if "fallback" in record:
            values["fallback"] = self._read_side(record["fallback"], place.inside("fallback"))
        return Side(**values)


def _conditions(record: Mapping[str, Any], place: Place) -> tuple[Condition, ...]:
    try:
        return tuple(parse_condition(text) for text in record.get("where", ()))
    except ValueError as error:
        raise RegistryError(f"KPI {place.kpi_id}: {error}.") from None
