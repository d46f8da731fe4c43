"""The rows of fact_kpi_quarterly as an audience reads them: rounded, with a symbol for what is hidden."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from fractions import Fraction

import numpy as np
import pandas as pd

from cf_pipeline.contracts.rounding import as_written, round_half_up
from cf_pipeline.disclosure.cells import TOTAL, RowCounts
from cf_pipeline.disclosure.policy import AudiencePolicy
from cf_pipeline.disclosure.sides import DENOMINATOR, NUMERATOR
from cf_pipeline.disclosure.system import Cell
from cf_pipeline.kpi.definitions.registry import Kpi

PERCENTAGES = ("percentage", "distribution")
SUM_KEY = ["kpi_id", "basis", "quarter_key", "breakdown"]


def display_rows(
    rows: pd.DataFrame,
    counts: RowCounts,
    hidden_cells: Collection[Cell],
    audience: AudiencePolicy,
    registry: Mapping[str, Kpi],
) -> pd.DataFrame:
    """The rows with a symbol, its reason and no value wherever a count of the row is hidden.

    A count that is not hidden stays in the row; of a hidden average its sum goes too. Percentages become
    whole numbers, other values have the KPI's decimals. Nothing tells why a count is hidden.
    """
    shown = rows.reset_index(drop=True).copy()
    is_marked = np.zeros(len(shown), dtype=bool)
    for role in (NUMERATOR, DENOMINATOR):
        is_hidden = np.zeros(len(shown), dtype=bool)
        entries = zip(counts.row, counts.role, counts.cell, strict=True)
        is_hidden[[row for row, of_row, cell in entries if of_row == role and cell in hidden_cells]] = True
        shown[role] = shown[role].mask(is_hidden)
        is_marked |= is_hidden
    is_marked |= _averages_to_hide(shown, is_marked, registry)
    shown["value"] = _round_values(shown, registry)
    shown.loc[is_marked, "value"] = np.nan
    averages = [kpi_id for kpi_id, kpi in registry.items() if kpi.kind == "average"]
    shown.loc[is_marked & shown["kpi_id"].isin(averages), "numerator"] = np.nan  # a sum, of days or such
    shown["symbol"] = shown["symbol"].astype(object).mask(is_marked, audience.symbol)
    shown["reason"] = shown["reason"].astype(object).mask(is_marked, audience.reason)
    return shown


def _averages_to_hide(rows: pd.DataFrame, is_marked: np.ndarray, registry: Mapping[str, Kpi]) -> np.ndarray:
    """Averages of categories beside a hidden one: times their number they give the hidden one's sum."""
    averages = [kpi_id for kpi_id, kpi in registry.items() if kpi.kind == "average"]
    of_categories = rows["kpi_id"].isin(averages) & rows["breakdown"].ne(TOTAL)
    marked = pd.Series(is_marked, rows.index) & of_categories
    beside = marked.groupby([rows[name] for name in SUM_KEY]).transform("any")
    return (beside & of_categories).to_numpy(bool)


def _round_values(rows: pd.DataFrame, registry: Mapping[str, Kpi]) -> list[float]:
    rounded = []
    columns = (rows["kpi_id"], rows["value"], rows["numerator"], rows["denominator"])
    for kpi_id, value, numerator, denominator in zip(*columns, strict=True):
        kpi = registry.get(kpi_id)
        if kpi is None or pd.isna(value):
            rounded.append(value)
            continue
        figure = as_written(float(value))
        if kpi.kind in PERCENTAGES and denominator and not pd.isna(numerator) and not pd.isna(denominator):
            figure = Fraction(100 * round(numerator), round(denominator))
        decimals = 0 if kpi.kind in PERCENTAGES else kpi.decimals
        rounded.append(float(round_half_up(figure, decimals)))
    return rounded
