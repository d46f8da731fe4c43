"""What headers cost: KPIs without a figure because a sheet lacks a column or its header fits none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

import pandas as pd

from cf_pipeline.clean.sources import usable_rows
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.history.tables.derived_columns import DAYS_BEFORE
from cf_pipeline.kpi.definitions.needs import columns_at_end, needs_of
from cf_pipeline.kpi.definitions.registry import Kpi, load_registry
from cf_pipeline.kpi.definitions.sides import Side

Column = tuple[str, str]
"""A list and its column."""
Supplied = Mapping[str, frozenset[str]]
"""The columns of each list that is there."""


@dataclass(frozen=True)
class MissingFigure:
    """A KPI without a figure: the column that it needs, and whether headers alone may cost it."""

    kpi_id: str
    title: str
    list: str
    column: str
    may_be_a_header: bool

    @property
    def header(self) -> str:
        """The column's official header."""
        return list_contracts()[self.list].column(self.column).header


@dataclass(frozen=True)
class MissingFigures:
    """How many headers of the newest deliveries are no column, the KPIs that lack one, and all KPIs."""

    headers: int
    figures: tuple[MissingFigure, ...]
    kpis: int

    @property
    def by_headers(self) -> tuple[MissingFigure, ...]:
        """Those that an unrecognised header costs: it may be the column, and nothing else is missing."""
        return tuple(figure for figure in self.figures if figure.may_be_a_header)

    @property
    def sentence(self) -> str:
        """What it costs and where to settle it; '' where no figure is missing."""
        others = len(self.figures) - len(self.by_headers)
        headers = f"{self.headers:,} header{'' if self.headers == 1 else 's'} not recognised"
        sentences = []
        if self.by_headers:
            sentences.append(
                f"{headers}: {len(self.by_headers)} of {self.kpis} figures missing; open To decide in the "
                "data-quality workbook."
            )
        if others:
            sentences.append(
                f"Columns not in the sheets: {others} {'more ' if self.by_headers else ''}of {self.kpis} "
                "figures missing; the data-quality workbook names the columns."
            )
        return " ".join(sentences)


def find_missing_figures(manifest: pd.DataFrame, unmatched_headers: pd.DataFrame) -> MissingFigures:
    """Find the KPIs that lack a column of a list that is there, in the newest delivery of each list.

    A list that was not delivered at all is no cost of headers; one whose key date is not recognised is.

    Args:
        manifest: what was received (`ingest.manifest.MANIFEST`).
        unmatched_headers: headers that fit no column (`ingest.tables.unmatched_headers.UNMATCHED`).
    """
    registry = load_registry()
    rows = usable_rows(manifest).dropna(subset=["list", "as_at"])
    headers = _of_newest_delivery(unmatched_headers, rows)
    supplied = _columns_supplied(rows)
    supplied |= _columns_of_lists_not_read(headers[~headers["list"].isin(rows["list"])])
    guesses = set(zip(headers["list"], headers["guess"].fillna(""), strict=True))
    figures = []
    missing_by_kpi = _missing_by_kpi(frozenset(supplied.items()))
    for kpi in registry.values():
        missing = missing_by_kpi[kpi.id]
        known = [(name, column) for name, column in missing if name in supplied]
        if known:
            may_be = all((name, column) in guesses or (name, "") in guesses for name, column in missing)
            figures.append(MissingFigure(kpi.id, kpi.title, *known[0], may_be and known == missing))
    number = len(headers[["list", "header"]].drop_duplicates())
    return MissingFigures(number, tuple(figures), len(registry))


def _of_newest_delivery(headers: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """The headers of the newest delivery that holds their list, read or not."""
    if headers.empty:
        return headers
    dates = pd.concat([rows[["list", "as_at"]], headers[["list", "as_at"]]]).groupby("list")["as_at"].max()
    return headers[headers["as_at"].eq(headers["list"].map(dates)) | headers["as_at"].isna()]


def _columns_supplied(rows: pd.DataFrame) -> dict[str, frozenset[str]]:
    """List -> the columns that every sheet of its newest delivery has, and that are not unread."""
    newest = rows[rows["as_at"].eq(rows.groupby("list")["as_at"].transform("max"))]
    unread = newest.get("columns_unread", pd.Series("", index=newest.index)).fillna("")
    columns = [
        frozenset(str(text).split(";")) - frozenset(str(names).split(";"))
        for text, names in zip(newest["columns_supplied"], unread, strict=True)
    ]
    columns_by_list = pd.Series(columns, index=newest.index, dtype="object").groupby(newest["list"])
    return {str(name): frozenset.intersection(*sets) for name, sets in columns_by_list}


def _columns_of_lists_not_read(headers: pd.DataFrame) -> dict[str, frozenset[str]]:
    """List -> its columns without its key date, and without those that a header is guessed to be."""
    return {
        str(name): frozenset(list_contracts()[str(name)].column_names) - {_key_column(str(name)), *guesses}
        for name, guesses in headers.groupby("list")["guess"]
    }


@lru_cache(maxsize=64)
def _missing_by_kpi(list_columns: frozenset[tuple[str, frozenset[str]]]) -> dict[str, list[Column]]:
    """KPI -> the columns it lacks, where each list has these columns; councils often have the same."""
    registry, columns_by_list = load_registry(), dict(list_columns)
    return {kpi.id: list(_missing_columns(kpi, columns_by_list, registry)) for kpi in registry.values()}


def _missing_columns(kpi: Kpi, columns_by_list: Supplied, registry: Mapping[str, Kpi]) -> Iterator[Column]:
    band_columns = () if kpi.band is None else kpi.band.columns
    yield from _missing_of_side(kpi.numerator, band_columns, columns_by_list, registry)
    if kpi.denominator is not None:
        yield from _missing_of_side(kpi.denominator, (), columns_by_list, registry)


def _missing_of_side(
    side: Side, further_columns: tuple[str, ...], columns_by_list: Supplied, registry: Mapping[str, Kpi]
) -> list[Column]:
    missing: list[Column] = []
    for part in side.parts:
        columns = side.columns | part.columns | set(further_columns)
        needs = [*needs_of(part, columns), *((f"{part.table}.{name}",) for name in columns_at_end(columns))]
        for need in needs:
            missing += _missing_of_need(need, columns_by_list)
        if part.within is not None:
            missing += _missing_of_side(registry[part.within].numerator, (), columns_by_list, registry)
    if missing and side.fallback is not None:
        return _missing_of_side(side.fallback, (), columns_by_list, registry) and missing
    return missing


def _missing_of_need(need: tuple[str, ...], columns_by_list: Supplied) -> list[Column]:
    """The first column of a need of which none is there; of a list that is there if one is."""
    columns = [(name, column) for name, _, column in (text.partition(".") for text in need)]
    wanted = [(name, _key_column(name) if _is_list_itself(column) else column) for name, column in columns]
    if any(column in columns_by_list.get(name, ()) for name, column in wanted):
        return []
    return sorted(wanted, key=lambda pair: pair[0] not in columns_by_list)[:1]


def _is_list_itself(column: str) -> bool:
    return not column or column.startswith(DAYS_BEFORE)


def _key_column(name: str) -> str:
    contract = list_contracts()[name]
    return contract.key_date or contract.person
