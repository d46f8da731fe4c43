"""The rows an audience is shown, and the counts in them as cells.

Belongs here: which rows of fact_kpi_quarterly an audience sees before anything is hidden, and reading counts
from rows, whoever published them. Does not belong here: what is hidden (`suppress`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cf_pipeline.disclosure.policy import AudiencePolicy
from cf_pipeline.disclosure.sides import CountSides, count_sides
from cf_pipeline.disclosure.system import Cell
from cf_pipeline.kpi.definitions.registry import Kpi

TOTAL, ALL = "total", "all"
BAND = "band"
WITHOUT_COUNTS = ("x", "u")
"""Symbols of rows that were never counted."""
Block = tuple[str, str]
"""A KPI and one of its breakdowns."""


@dataclass(frozen=True)
class RowCounts:
    """The counts of some rows: one entry a count, as arrays of one length.

    `row` is the position of the row, `role` numerator or denominator, `count` the number (-1 where a symbol
    stands in its place).
    """

    row: tuple[int, ...]
    role: tuple[str, ...]
    cell: tuple[Cell, ...]
    count: tuple[int, ...]

    @property
    def counts(self) -> dict[Cell, int]:
        """The counts that are shown, by cell."""
        return {cell: count for cell, count in zip(self.cell, self.count, strict=True) if count >= 0}

    @property
    def hidden_cells(self) -> frozenset[Cell]:
        """The cells in whose place a symbol stands in some row and a number in none."""
        return frozenset(self.cell) - self.counts.keys()


def audience_rows(
    quarterly: pd.DataFrame,
    audience: AudiencePolicy,
    year_kpis: Collection[str] = (),
    withheld: Collection[Block] = (),
) -> pd.DataFrame:
    """The rows of fact_kpi_quarterly an audience is shown before anything is hidden, in a fixed order.

    One basis a KPI: that of the audience, or the 12-month figure for `year_kpis`. The breakdowns of the
    audience, without the withheld blocks; a KPI whose total is withheld has no breakdown either.
    """
    basis = quarterly["kpi_id"].isin(list(year_kpis)).map({True: "year", False: audience.basis})
    rows = quarterly[quarterly["breakdown"].isin(audience.breakdowns) & quarterly["basis"].eq(basis)]
    blocks = pd.MultiIndex.from_arrays([rows["kpi_id"], rows["breakdown"]])
    without_total = [kpi_id for kpi_id, breakdown in withheld if breakdown == TOTAL]
    rows = rows[~blocks.isin(list(withheld)) & ~rows["kpi_id"].isin(without_total)]
    keys = ["kpi_id", "basis", "quarter_key", "breakdown", "category"]
    return rows.sort_values(keys, kind="stable", ignore_index=True)


def read_counts(rows: pd.DataFrame, sides: CountSides, symbol: str) -> RowCounts:
    """The counts of rows of fact_kpi_quarterly's shape of one authority.

    Args:
        rows: kpi_id, basis, quarter_key, breakdown, category, numerator, denominator, symbol.
        sides: the counts of the registry.
        symbol: stands where a number is hidden; '' where nothing is.
    """
    rows = rows.reset_index(drop=True)
    kpis = {kpi_id for kpi_id, _ in sides.names}
    is_counted = rows["kpi_id"].isin(kpis) & ~rows["symbol"].isin(WITHOUT_COUNTS)
    is_hidden = rows["symbol"].eq(symbol).fillna(False).to_numpy(bool)
    columns = [rows[name].to_numpy() for name in ("kpi_id", "basis", "quarter_key", "breakdown", "category")]
    amounts = {role: rows[role].to_numpy(float, na_value=np.nan) for role in ("numerator", "denominator")}
    found: list[tuple[int, str, Cell, int]] = []
    for place in np.flatnonzero(is_counted.to_numpy(bool)):
        kpi_id, basis, quarter, breakdown, category = (str(column[place]) for column in columns)
        for role in sides.roles(kpi_id):
            amount = amounts[role][place]
            if np.isnan(amount) and not is_hidden[place]:
                continue
            count = -1 if np.isnan(amount) else round(amount)
            cell = _cell(sides, (kpi_id, role), (basis, quarter), (breakdown, category))
            found.append((int(place), role, cell, count))
    if not found:
        return RowCounts((), (), (), ())
    return RowCounts(*(tuple(column) for column in zip(*found, strict=True)))


def _cell(
    sides: CountSides, role: tuple[str, str], period: tuple[str, str], category: tuple[str, str]
) -> Cell:
    """The cell of a count; a stock's year is its last quarter, another's year the year to date's fourth."""
    name, (basis, quarter), (breakdown, code) = sides.names[role], period, category
    if name in sides.stocks:
        basis = "quarter"
    elif basis == "year":
        basis = "ytd"
    if breakdown == BAND:
        # Each distribution is a breakdown of its denominator, which is the same in every band.
        breakdown, code = (f"{BAND} {role[0]}", code) if role[1] == "numerator" else (TOTAL, ALL)
    return Cell(name, f"{basis} {quarter}", breakdown, code)


def sides_that_differ(counts: RowCounts) -> frozenset[str]:
    """The counts for which several rows give different numbers of one cell."""
    numbers: dict[Cell, int] = {}
    differ = set()
    for cell, count in zip(counts.cell, counts.count, strict=True):
        if count >= 0 and numbers.setdefault(cell, count) != count:
            differ.add(cell.side)
    return frozenset(differ)


def agreeing_sides(figures: Iterable[pd.DataFrame], registry: Mapping[str, Kpi]) -> CountSides:
    """The counts of a registry, apart where the KPIs of some unsuppressed figures do not agree on one number.

    Definitions that are the same but for an unreadable date of the other side may count a record more.
    """
    sides = count_sides(registry)
    differ = [sides_that_differ(read_counts(frame, sides, "")) for frame in figures]
    apart = frozenset[str]().union(*differ)
    return count_sides(registry, apart) if apart else sides
