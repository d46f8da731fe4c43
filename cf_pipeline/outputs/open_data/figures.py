"""The rows of a data file: one a period, measure and category, with a symbol where there is no figure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from cf_pipeline.contracts.dates.quarters import Quarter
from cf_pipeline.contracts.rounding import as_written, round_half_up
from cf_pipeline.outputs.open_data.columns import DataColumns, Indicator, data_columns
from cf_pipeline.outputs.public_release import PERCENTAGES, TOTAL, PublicRelease, rows_of

TOTAL_LABEL = "Total"
NOT_AVAILABLE, NOT_APPLICABLE = "x", "z"
TIME_IDENTIFIERS = {"quarter": "Financial year Q{}", "year": "Financial year"}


def data_rows(release: PublicRelease, basis: str) -> list[dict[str, str]]:
    """The rows of one basis as text by column, oldest period first, then in the order of `dim_kpi`.

    Args:
        release: what the public is shown of an authority.
        basis: quarter or year. A file holds one: the department's rules allow no year beside quarters.
    """
    columns, kpis = data_columns(), {kpi.kpi_id: kpi for kpi in release.kpis}
    labels = {
        (row.breakdown, row.category): (int(row.position), str(row.label))
        for row in rows_of(release.categories)
    }
    place = _place(release, columns)
    rows = []
    for row in rows_of(release.figures[release.figures["basis"].eq(basis)]):
        kpi, split = kpis[row.kpi_id], [TOTAL, *release.breakdowns].index(row.breakdown)
        position, label = labels[row.breakdown, row.category]
        cells = {
            **_period(row.quarter_key, basis),
            **place,
            "area": str(kpi.area),
            "measure": str(kpi.title),
            **dict.fromkeys(release.breakdowns, TOTAL_LABEL),
            **({} if row.breakdown == TOTAL else {row.breakdown: label}),
            **dict(_figures(row, kpi, columns, str(release.release.symbol))),
        }
        rows.append(((row.quarter_key, int(kpi.position), split, position), cells))
    return [cells for _, cells in sorted(rows, key=lambda each: each[0])]


def _period(quarter_key: str, basis: str) -> dict[str, str]:
    quarter = Quarter.parse(quarter_key)
    return {
        "time_period": quarter.fiscal_year.replace("/", ""),
        "time_identifier": TIME_IDENTIFIERS[basis].format(quarter.number),
    }


def _place(release: PublicRelease, columns: DataColumns) -> dict[str, str]:
    authority = release.authority
    return {
        "geographic_level": "Local authority",
        "country_code": columns.country_code,
        "country_name": columns.country_name,
        "region_code": _text(authority.region_code),
        "region_name": _text(authority.region_name),
        "old_la_code": _text(authority.dfe_code),
        "new_la_code": str(authority.authority_code),
        "la_name": str(authority.name),
    }


def _figures(row: Any, kpi: Any, columns: DataColumns, hidden_symbol: str) -> Iterator[tuple[str, str]]:
    for indicator in columns.indicators:
        yield indicator.name, _figure(row, kpi, indicator, columns, hidden_symbol)


def _figure(row: Any, kpi: Any, indicator: Indicator, columns: DataColumns, hidden_symbol: str) -> str:
    """The figure of one column, or the symbol in its place.

    A count beside a hidden percentage is shown where `public_v1` has it: its whole, for instance.
    """
    if kpi.kind not in indicator.kinds:
        return NOT_APPLICABLE
    figure = getattr(row, indicator.source)
    symbol = None if pd.isna(row.symbol) else str(row.symbol)
    if pd.isna(figure) or (symbol is not None and indicator.source == "value"):
        return (
            symbol if symbol == hidden_symbol else columns.symbols.get(symbol or NOT_AVAILABLE, NOT_AVAILABLE)
        )
    if indicator.source == "value":
        decimals = 0 if kpi.kind in PERCENTAGES else int(kpi.decimals)
        return str(round_half_up(as_written(figure), decimals))
    return str(int(figure)) if figure == int(figure) else str(figure)


def _text(cell: Any) -> str:
    return NOT_APPLICABLE if pd.isna(cell) else str(cell)


def bases(release: PublicRelease) -> list[str]:
    """The bases that the release has figures of: quarter, year, or both."""
    return sorted(basis for basis in release.figures["basis"].unique() if basis in TIME_IDENTIFIERS)
