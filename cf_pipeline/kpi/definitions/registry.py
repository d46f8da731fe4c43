"""The KPI registry: one record a KPI under `registry/*.toml`, read and checked when it is loaded.

A KPI is data. A record that names a table, column, kind or KPI that does not exist is refused with
one sentence that names the KPI.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

from cf_pipeline.kpi.definitions.check_record import (
    RATIOS,
    VALUES,
    check_band,
    check_breakdowns,
    check_categories,
    check_value,
    check_words,
)
from cf_pipeline.kpi.definitions.record_schema import BAND, FILE, RECORD, RegistryError, check_shape
from cf_pipeline.kpi.definitions.resolve_sides import Sides
from cf_pipeline.kpi.definitions.sides import Band, Side


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
        RegistryError: a file or record is wrong; the sentence names the file or KPI.
    """
    return build_registry(read_records(resources.files("cf_pipeline.kpi") / "registry"))


def read_records(folder: Traversable) -> list[dict[str, Any]]:
    """The records of a folder's TOML files, each with the area of its file; RegistryError names the file."""
    records: list[dict[str, Any]] = []
    for path in sorted(folder.iterdir(), key=lambda path: path.name):
        if path.name.endswith(".toml"):
            document = _document(path)
            records += [{"area": document["area"]} | record for record in document["kpi"]]
    return records


def _document(path: Traversable) -> dict[str, Any]:
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        said = str(error) if isinstance(error, tomllib.TOMLDecodeError) else "it is not UTF-8 text"
        raise RegistryError(f"KPI file {path.name} cannot be read: {said}; correct the file.") from None
    check_shape(f"KPI file {path.name}", document, FILE)
    return document


def build_registry(records: list[dict[str, Any]]) -> dict[str, Kpi]:
    """The registry of some records (as TOML gives them); RegistryError as `load_registry`."""
    by_id: dict[str, dict[str, Any]] = {}
    met: Counter[str] = Counter()
    for record in records:
        area = record["area"]
        met[area] += 1
        kpi_id = record.get("id")
        # Without an id a record is told by its place.
        check_shape(f"KPI {kpi_id}" if kpi_id else f"KPI number {met[area]} of area {area}", record, RECORD)
        if kpi_id in by_id:
            raise RegistryError(f"KPI {kpi_id}: two records have this id; rename one.")
        by_id[record["id"]] = record
    sides = Sides(by_id)
    return {kpi_id: _kpi(record, sides) for kpi_id, record in by_id.items()}


def _kpi(record: Mapping[str, Any], sides: Sides) -> Kpi:
    kpi_id, kind = record["id"], record["kind"]
    check_words(kpi_id, record)
    has_denominator = "denominator" in record
    if has_denominator != (kind in RATIOS):
        raise RegistryError(
            f"KPI {kpi_id}: a {kind} {'has no' if has_denominator else 'needs a'} denominator."
        )
    if (kind == "distribution") != ("band" in record):
        raise RegistryError(f"KPI {kpi_id}: bands belong to a distribution, and only to one.")
    values = dict(record)
    for name in ("numerator", "denominator"):
        if name in record:
            values[name] = sides.side(kpi_id, name)
    for name in ("breakdowns", "overlapping"):
        values[name] = tuple(record.get(name, ()))
    if "band" in record:
        values["band"] = _band(kpi_id, record["band"])
    kpi = Kpi(**values)
    check_value(kpi_id, kpi.numerator, wanted=kind in VALUES)
    check_categories(kpi_id, kpi.numerator, kpi.breakdowns, kpi.overlapping)
    for side in (kpi.numerator, kpi.denominator):
        if side is not None:
            check_breakdowns(kpi_id, side, kpi.breakdowns)
    if kpi.band is not None:
        check_band(kpi_id, kpi.numerator, kpi.band)
    return kpi


def _band(kpi_id: str, record: Mapping[str, Any]) -> Band:
    check_shape(f"KPI {kpi_id}", record, BAND, "band.")
    return Band(**{**record, "upper": tuple(record.get("upper", ()))})
