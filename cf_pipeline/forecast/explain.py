"""The explanation of a forecast: what is expected, in what range, and how accurate such forecasts were."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pandas.api.extensions import ExtensionArray

from cf_pipeline.contracts.dates.quarters import QUARTERS_PER_YEAR
from cf_pipeline.contracts.rounding import as_written, round_range
from cf_pipeline.contracts.tables import table_contract
from cf_pipeline.forecast.accuracy import COMPARABLE, accuracy_sentences
from cf_pipeline.forecast.methods.pro_rata import OUTTURN
from cf_pipeline.forecast.methods.texts import select_texts
from cf_pipeline.forecast.series.series_keys import SERIES_KEY, as_categories, series_numbers

if TYPE_CHECKING:
    from cf_pipeline.kpi.definitions.registry import Kpi

YEAR_SO_FAR = [*SERIES_KEY, "fiscal_year", "quarters_used"]
"""The columns that name one year so far, which every method forecasts."""
FORECASTS = table_contract("kpi/forecast")
EXCEPTIONAL = "Exceptional past quarters count as nearer to what the others lead one to expect"
QUARTER_WORDS = {1: "After one quarter", 2: "After two quarters", 3: "After three quarters"}
COLUMNS_READ = ("label", "lower_80", "upper_80", "last_year", "exceptional_quarters")


def add_explanations(
    forecasts: pd.DataFrame, records: pd.DataFrame, registry: Mapping[str, Kpi]
) -> pd.DataFrame:
    """The forecasts with the columns `explanation` and `outside_range`.

    outside_range is a sentence where a method's forecast, as displayed, lies outside the 80% range that the
    model expects; it is missing elsewhere. Source: `docs/rulings.md#36`.

    Args:
        forecasts: as `forecast_year_ends` returns them.
        records: as `backtest` returns them; each forecast cites those of the years before it.
        registry: the KPIs by id, for units and decimals.
    """
    rows = as_categories(forecasts, [*SERIES_KEY, "fiscal_year", "method"])
    texts = {name: format_figures(rows[name], rows["kpi_id"], registry) for name in ("forecast", "last_year")}
    texts["lower_80"], texts["upper_80"] = format_ranges(
        rows["lower_80"], rows["upper_80"], rows["kpi_id"], registry
    )
    has_forecast = rows["forecast"].notna().to_numpy(dtype="bool")
    is_whole_year = rows["quarters_used"].eq(QUARTERS_PER_YEAR)
    has_ended = (is_whole_year & rows["label"].eq(OUTTURN)).to_numpy(dtype="bool")
    is_outturn, is_expected = has_forecast & has_ended, has_forecast & ~has_ended
    columns_read = [*COMPARABLE, "fiscal_year", *COLUMNS_READ]
    parts = [
        _reasons(rows["label"][~has_forecast]),
        "The year has ended at " + texts["forecast"][is_outturn] + ".",
        _expectations(
            rows.loc[is_expected, columns_read],
            {name: text[is_expected] for name, text in texts.items()},
            records,
        ),
    ]
    order = np.argsort(np.select([is_outturn, is_expected], [1, 2], 0), kind="stable")
    sentences = pd.concat(parts, ignore_index=True).take(np.argsort(order))
    return FORECASTS.cast(
        forecasts.assign(explanation=sentences.array, outside_range=_outside_range(rows, texts))
    )


def _reasons(labels: pd.Series) -> pd.Series:
    """Why there is no forecast, as sentences; a label may be a sentence already."""
    codes, names = pd.factorize(labels, use_na_sentinel=False)
    distinct = pd.Series(names, dtype="str")
    sentences = distinct.str[:1].str.upper() + distinct.str[1:] + "."
    return sentences.str.replace("..", ".", regex=False).take(codes)


def _expectations(
    forecasts: pd.DataFrame, texts: Mapping[str, pd.Series], records: pd.DataFrame
) -> pd.Series:
    """What is expected of years that have not ended; `texts` are their figures as readers see them."""
    lower, upper, last_year = (
        forecasts[name].to_numpy(dtype="float64", na_value=np.nan)
        for name in ("lower_80", "upper_80", "last_year")
    )
    has_range, has_last_year = ~np.isnan(lower), ~np.isnan(last_year)
    parts: list[pd.Series | ExtensionArray] = [
        _texts_of(forecasts["quarters_used"].map(QUARTER_WORDS), "{} the year is expected to end at "),
        texts["forecast"],
        select_texts([has_range], [", between "], [""]),
        texts["lower_80"],
        select_texts([has_range], [" and "], [""]),
        texts["upper_80"],
        select_texts([has_range], [" in 8 years of 10"], [""]),
        _texts_of(forecasts["label"], " ({})"),
        select_texts([has_last_year], ["; last year ended at "], [""]),
        texts["last_year"],
        # Only outside the range is this year expected to differ from last year.
        select_texts(
            [~(has_range & has_last_year), last_year < lower, last_year > upper],
            ["", ", below that range", ", above that range"],
            [", within that range"],
        ),
        _texts_of(forecasts["exceptional_quarters"], f". {EXCEPTIONAL}: {{}}"),
        accuracy_sentences(forecasts, records),
    ]
    return _join_texts(parts)


def _texts_of(cells: pd.Series, form: str) -> ExtensionArray:
    """Each cell in a sentence, '' for a missing one: few cells differ."""
    codes, names = pd.factorize(cells)
    return pd.array([*(form.format(name) for name in names), ""], dtype="str").take(codes)


def _join_texts(parts: Sequence[pd.Series | ExtensionArray]) -> pd.Series:
    """Columns of text side by side as one: a sum of them would write each of its steps to memory."""
    text = pa.large_string()
    joined = pc.binary_join_element_wise(*(pa.array(part, text) for part in parts), pa.scalar("", text))
    return pd.Series(joined, dtype="str")


def _outside_range(forecasts: pd.DataFrame, texts: Mapping[str, pd.Series]) -> ExtensionArray:
    """The sentence for each forecast that is displayed outside the model's range, missing for the others."""
    is_part = (forecasts["forecast"].notna() & forecasts["quarters_used"].lt(QUARTERS_PER_YEAR)).to_numpy(
        "bool"
    )
    has_range = is_part & (forecasts["method"].eq("model") & forecasts["lower_80"].notna()).to_numpy("bool")
    year, _ = series_numbers(forecasts, YEAR_SO_FAR)
    range_of_year = np.full(year.max(initial=0) + 1, -1)
    range_of_year[year[has_range]] = np.flatnonzero(has_range)
    rows = np.flatnonzero(is_part & (range_of_year[year] >= 0))
    ranges = range_of_year[year[rows]]
    figures = [
        texts[name].array.take(at)
        for name, at in (("forecast", rows), ("lower_80", ranges), ("upper_80", ranges))
    ]
    shown, lower, upper = map(_read_figures, figures)
    outside = np.flatnonzero((shown < lower) | (shown > upper))
    labels = _texts_of(forecasts["label"].take(rows[outside]), " ({})")
    sides = np.where(shown < lower, "below", "above")[outside]
    sentences = [
        f"The year-end forecast of {own}{label} lies {side} the range of {low} to {high}, in which the model "
        "expects 8 of 10 such years to end."
        for label, side, own, low, high in zip(
            labels, sides, *(each[outside] for each in figures), strict=True
        )
    ]
    places = np.zeros(len(forecasts), dtype="int64")
    places[rows[outside]] = np.arange(1, len(sentences) + 1)
    return pd.array([None, *sentences], dtype="str").take(places)


def _read_figures(texts: ExtensionArray) -> np.ndarray:
    """Figures as `format_figures` writes them, as numbers: compared as they are displayed."""
    position, names = texts.factorize()  # one figure stands in many rows
    numbers = np.array([float(name.rstrip("%").replace(",", "")) for name in names], dtype="float64")
    return np.asarray(numbers[position])


def format_ranges(
    lower: pd.Series, upper: pd.Series, kpi_ids: pd.Series, registry: Mapping[str, Kpi]
) -> tuple[pd.Series, pd.Series]:
    """Both ends of ranges as text; they are the same only where the range has no width (`round_range`)."""
    ends = format_figures(lower, kpi_ids, registry), format_figures(upper, kpi_ids, registry)
    hides_width = ends[0].eq(ends[1]) & lower.lt(upper).fillna(False)
    for row in hides_width.index[hides_width]:
        kpi = registry[kpi_ids[row]]
        unit = "%" if kpi.unit == "%" else ""
        rounded = round_range(as_written(float(lower[row])), as_written(float(upper[row])), kpi.decimals)
        for texts, bound in zip(ends, rounded, strict=True):
            texts[row] = f"{bound:,}{unit}"
    return ends


def format_figures(values: pd.Series, kpi_ids: pd.Series, registry: Mapping[str, Kpi]) -> pd.Series:
    """The figures as text: rounded half up to the KPI's decimals, with % where that is its unit.

    A missing figure is ''.
    """
    position, names = pd.factorize(kpi_ids, use_na_sentinel=False)
    kpis = [registry.get(name) for name in names]
    forms = [(kpi.decimals, "%" if kpi.unit == "%" else "") if kpi else (0, "") for kpi in kpis]
    numbers = values.to_numpy(dtype="float64", na_value=np.nan)
    texts, places = [""], np.zeros(len(values), dtype="int64")
    for form in dict.fromkeys(forms):
        rows = np.flatnonzero(np.array([each == form for each in forms])[position] & ~np.isnan(numbers))
        own, place = _format_half_up(numbers[rows], *form)
        places[rows] = len(texts) + place
        texts += own
    return pd.Series(pd.array(texts, dtype="str").take(places), index=values.index)


def _format_half_up(values: np.ndarray, places: int, unit: str) -> tuple[list[str], np.ndarray]:
    """The different texts of numbers with their unit, rounded half up, and which of them is each number's."""
    scale = 10**places
    # A hair more than half a step: 57.5 may be held as 57.49999999999999.
    position, numbers = pd.factorize(np.floor(values * scale + 0.5 + 1e-9) / scale)
    return [f"{number:,.{places}f}{unit}" for number in numbers.tolist()], position
