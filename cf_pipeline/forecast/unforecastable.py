"""KPIs that cannot be forecast because a figure of theirs is faulty, each with one sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cf_pipeline.forecast.series.series_faults import find_faulty_rows, write_faults
from cf_pipeline.forecast.series.series_keys import (
    SERIES_KEY,
    combine_codes,
    month_numbers,
    quarter_numbers,
    quarter_parts,
)
from cf_pipeline.forecast.series.series_kind import NOT_EXTRAPOLATED, SHARE, STOCK_SHARE, series_kind
from cf_pipeline.forecast.series.years_so_far import NOT_COVERED, TOTAL_BREAKDOWNS

if TYPE_CHECKING:
    from cf_pipeline.kpi.definitions.registry import Kpi

KPI_KEY = ["authority_code", "kpi_id"]
BASES = ("month", "quarter", "ytd", "year")


def separate_unforecastable(
    kpi_quarterly: pd.DataFrame, kpi_monthly: pd.DataFrame, registry: Mapping[str, Kpi]
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """The figures without the faulty KPIs, by quarter and by month, and the faulty KPIs.

    Args:
        kpi_quarterly: the measured KPIs, their texts as categories (`as_categories`).
        kpi_monthly: their months, likewise.
        registry: the KPIs by id.

    Returns:
        kpi_quarterly and kpi_monthly without the authorities' faulty KPIs, and one row an authority and
        faulty KPI: authority_code, kpi_id, breakdown 'total', category 'all', fiscal_year and quarters_used
        of its newest quarter, label (the sentence) and symbol 'x'.
    """
    kinds = {kpi.id: series_kind(kpi.forecast_rule, kpi.kind) for kpi in registry.values()}
    faults = [
        _first_faults(kpi_monthly, month_numbers(kpi_monthly["month"]), "month", kinds),
        _first_faults(kpi_quarterly, quarter_numbers(kpi_quarterly["quarter_key"]), "quarter_key", kinds),
    ]
    sentences = pd.concat(faults).drop_duplicates(KPI_KEY)
    if sentences.empty:
        return kpi_quarterly, kpi_monthly, sentences
    newest = kpi_quarterly.sort_values("quarter_key").drop_duplicates(KPI_KEY, keep="last")
    unforecastable = sentences.merge(newest[[*KPI_KEY, "quarter_key"]].astype("str"), on=KPI_KEY)
    parts = quarter_parts(unforecastable["quarter_key"])
    unforecastable = unforecastable.drop(columns="quarter_key").assign(
        breakdown="total",
        category="all",
        fiscal_year=parts["fiscal_year"],
        quarters_used=parts["quarter_no"],
        symbol=NOT_COVERED,
    )
    faulty = pd.MultiIndex.from_frame(sentences[KPI_KEY])
    quarters, months_left = (
        rows[~pd.MultiIndex.from_frame(rows[KPI_KEY]).isin(faulty)] for rows in (kpi_quarterly, kpi_monthly)
    )
    return quarters, months_left, unforecastable


def _first_faults(
    rows: pd.DataFrame, period_numbers: np.ndarray, period_name: str, kinds: Mapping[str, str]
) -> pd.DataFrame:
    """The first fault of each authority and KPI, bases in the order of BASES: authority_code, kpi_id, label.

    `period_name` is the column that names the period of a row.
    """
    keys = {name: rows[name].cat for name in (*SERIES_KEY, "basis")}
    codes = {name: (key.codes.to_numpy(), key.categories) for name, key in keys.items()}
    series, (kpi, kpi_ids) = combine_codes(codes.values()), codes["kpi_id"]
    kind = np.array([kinds.get(name, NOT_EXTRAPOLATED) for name in kpi_ids], dtype="object")
    is_checked = rows["symbol"].ne(NOT_COVERED).to_numpy(dtype="bool") & (kind != NOT_EXTRAPOLATED)[kpi]
    is_share = np.isin(kind, [SHARE, STOCK_SHARE])[kpi]
    # A period that is not covered has no number, which is no fault; a median need not be a whole number.
    values = [
        np.where(is_read, rows[name].to_numpy(dtype="float64", na_value=np.nan), 0)
        for name, is_read in (("numerator", is_checked), ("denominator", is_checked & is_share))
    ]
    # A year to date needs no other one, and a category without a row had no case: neither leaves a gap.
    require_every_period = np.logical_and(
        *(
            names.isin(wanted)[code]
            for (code, names), wanted in (
                (codes["breakdown"], TOTAL_BREAKDOWNS),
                (codes["basis"], ["month", "quarter"]),
            )
        )
    )
    at, texts = find_faulty_rows(series, period_numbers, values, require_every_period=require_every_period)
    if not len(at):
        return pd.DataFrame(columns=[*KPI_KEY, "label"], dtype="str")
    texts_of_keys = {name: names.take(code[at]).astype("str") for name, (code, names) in codes.items()}
    sentences = write_faults(rows[period_name].iloc[at].reset_index(drop=True), texts)
    faulty = pd.DataFrame(texts_of_keys)
    faulty["label"] = "KPI " + faulty["kpi_id"] + ", " + sentences
    order = np.lexsort((pd.factorize(series)[0][at], faulty["basis"].map(BASES.index)))
    return faulty[[*KPI_KEY, "label"]].take(order)
