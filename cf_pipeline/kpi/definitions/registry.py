"""The KPI registry: one record for each KPI in `registry/*.toml`, read and checked when it is loaded.

A record that names a table, column, kind or KPI that does not exist is refused with one sentence that
names the KPI.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from itertools import pairwise
from typing import Any

from cf_pipeline.kpi.definitions.check_record import (
    RATIOS,
    VALUES,
    check_band,
    check_breakdowns,
    check_categories,
    check_team_splits,
    check_value,
    check_words,
)
from cf_pipeline.kpi.definitions.needs import dates_read
from cf_pipeline.kpi.definitions.record_schema import BAND, FILE, RECORD, RegistryError, check_shape
from cf_pipeline.kpi.definitions.resolve_sides import SideResolver
from cf_pipeline.kpi.definitions.sides import Band, Side

FOLDER = resources.files("cf_pipeline.kpi") / "registry"
"""The folder of the registry's files."""
POPULATION = "population"
"""The table of mid-year populations of the authority: mid_year, persons aged 0 to 17."""


@dataclass(frozen=True)
class Kpi:
    """One KPI: its texts, its rules, its numerator and its denominator.

    The denominator of a `rate_10k` is the population aged 0 to 17, that of a median or average the number
    of values: neither has a denominator side. `overlapping` names the breakdowns whose categories do not add
    to the total because a record can be in several; `team_splits` what a stock is split by within each team.
    `is_sensitive` marks children whom a small number exposes most: missing, exploited, adopted,
    unaccompanied. `dfe_statistic` is the name under which the department
    publishes it, `comparator_note` how the published definition differs from this one.
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
    team_splits: tuple[str, ...] = field(default=(), repr=False)  # not a rule of the figure itself
    is_sensitive: bool = field(default=False, repr=False)  # a rule of who is shown the figure
    band: Band | None = None

    @property
    def has_denominator(self) -> bool:
        """Whether its figures have a denominator."""
        return self.kind not in ("flow_count", "stock")

    @property
    def needs_population(self) -> bool:
        """Whether its figures are the population aged 0 to 17, or are divided by it."""
        return self.kind == "rate_10k" or self.numerator.table == POPULATION


@dataclass(frozen=True)
class RegistryFile:
    """One file of the registry: consecutive KPIs of one area.

    `name` is the file's name without `.toml`. `position` is its place among the files and so decides the
    order of the KPIs.
    """

    name: str
    area: str
    position: int
    records: tuple[dict[str, Any], ...]


@cache
def load_registry() -> dict[str, Kpi]:
    """Every KPI of the package by id, in the order of files and records.

    Raises:
        RegistryError: a file or record is wrong; the sentence names the file or KPI.
    """
    return build_registry(read_records(FOLDER))


def read_records(folder: Traversable) -> list[dict[str, Any]]:
    """The records of a folder's TOML files in the registry's order, each with the area of its file.

    Raises:
        RegistryError: a file cannot be read; the sentence names it.
    """
    return [{"area": file.area} | record for file in read_files(folder) for record in file.records]


def read_files(folder: Traversable) -> list[RegistryFile]:
    """The TOML files of a folder in the order of their positions; RegistryError as `read_records`."""
    paths = sorted(folder.iterdir(), key=lambda path: path.name)
    files = [_read_file(path) for path in paths if path.name.endswith(".toml")]
    files.sort(key=lambda file: file.position)
    for file, following in pairwise(files):
        if file.position == following.position:
            raise RegistryError(
                f"KPI files {file.name}.toml and {following.name}.toml have the same position; change one."
            )
    return files


def _read_file(path: Traversable) -> RegistryFile:
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        problem = str(error) if isinstance(error, tomllib.TOMLDecodeError) else "it is not UTF-8 text"
        raise RegistryError(f"KPI file {path.name} cannot be read: {problem}; correct the file.") from None
    check_shape(f"KPI file {path.name}", document, FILE)
    name = path.name.removesuffix(".toml")
    return RegistryFile(name, document["area"], document["position"], tuple(document["kpi"]))


def build_registry(records: list[dict[str, Any]]) -> dict[str, Kpi]:
    """The registry of some records as TOML gives them, with their areas; RegistryError as `load_registry`."""
    by_id: dict[str, dict[str, Any]] = {}
    count_by_area: Counter[str] = Counter()
    for record in records:
        area = record["area"]
        count_by_area[area] += 1
        kpi_id = record.get("id")
        # A record without an id is named by its place.
        name = f"KPI {kpi_id}" if kpi_id else f"KPI number {count_by_area[area]} of area {area}"
        check_shape(name, record, RECORD)
        if kpi_id in by_id:
            raise RegistryError(f"KPI {kpi_id}: two records have this id; rename one.")
        by_id[record["id"]] = record
    sides = SideResolver(by_id)
    return {kpi_id: _kpi(record, sides) for kpi_id, record in by_id.items()}


def _kpi(record: Mapping[str, Any], sides: SideResolver) -> Kpi:
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
    for name in ("breakdowns", "overlapping", "team_splits"):
        values[name] = tuple(record.get(name, ()))
    if "band" in record:
        values["band"] = _band(kpi_id, record["band"])
    kpi = Kpi(**values)
    check_value(kpi_id, kpi.numerator, is_needed=kind in VALUES)
    check_categories(kpi_id, kpi.numerator, kpi.breakdowns, kpi.overlapping)
    for side in (kpi.numerator, kpi.denominator):
        if side is not None:
            check_breakdowns(kpi_id, side, kpi.breakdowns)
    check_team_splits(kpi_id, kpi.numerator, kind, kpi.breakdowns, kpi.team_splits)
    if kpi.band is not None:
        check_band(kpi_id, kpi.numerator, kpi.band)
    return _with_other_dates(kpi)


def _with_other_dates(kpi: Kpi) -> Kpi:
    """The KPI, each side with the dates that the other reads of the same list (`Side.other_dates`)."""
    one, other = kpi.numerator, kpi.denominator
    if other is None or one.table != other.table:
        return kpi
    read, others = dates_read(one), dates_read(other)
    return replace(
        kpi,
        numerator=replace(one, other_dates=tuple(sorted(others - read))),
        denominator=replace(other, other_dates=tuple(sorted(read - others))),
    )


def _band(kpi_id: str, record: Mapping[str, Any]) -> Band:
    check_shape(f"KPI {kpi_id}", record, BAND, "band.")
    return Band(**{**record, "upper": tuple(record.get("upper", ()))})
