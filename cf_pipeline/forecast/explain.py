"""The explanation of a forecast: what is expected, in what range, and how accurate such forecasts were."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from cf_pipeline.contracts.dates.quarters import QUARTERS_PER_YEAR
from cf_pipeline.contracts.rounding import as_written, round_range
from cf_pipeline.contracts.tables import table_contract
from cf_pipeline.forecast.backtest import LARGEST_ERROR
from cf_pipeline.forecast.methods.pro_rata import OUTTURN
from cf_pipeline.forecast.series.series_keys import SERIES_KEY, series_numbers

if TYPE_CHECKING:
    from cf_pipeline.kpi.definitions.registry import Kpi

YEAR_SO_FAR = [*SERIES_KEY, "fiscal_year", "quarters_used"]
"""The columns that name one year so far, which every method forecasts."""
COMPARABLE = ["authority_code", "kpi_id", "quarters_used", "method"]
"""Forecasts that share these are back-tested together."""
FORECASTS = table_contract("kpi/forecast")
EXCEPTIONAL = "Exceptional past quarters count as nearer to what the others lead one to expect"
QUARTER_WORDS = {1: "After one quarter", 2: "After two quarters", 3: "After three quarters"}


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
    texts = {
        name: format_figures(forecasts[name], forecasts["kpi_id"], registry)
        for name in ("forecast", "last_year")
    }
    texts["lower_80"], texts["upper_80"] = format_ranges(
        forecasts["lower_80"], forecasts["upper_80"], forecasts["kpi_id"], registry
    )
    has_forecast = forecasts["forecast"].notna().to_numpy(dtype="bool")
    is_whole_year = forecasts["quarters_used"].eq(QUARTERS_PER_YEAR)
    has_ended = (is_whole_year & forecasts["label"].eq(OUTTURN)).to_numpy(dtype="bool")
    is_outturn, is_expected = has_forecast & has_ended, has_forecast & ~has_ended
    sentences = pd.Series(None, index=forecasts.index, dtype="str")
    sentences[~has_forecast] = _reasons(forecasts.loc[~has_forecast, "label"])
    sentences[is_outturn] = "The year has ended at " + texts["forecast"][is_outturn] + "."
    columns_read = [*COMPARABLE, "fiscal_year", "label", "lower_80", "upper_80", "last_year"]
    columns_read += ["exceptional_quarters"]
    sentences[is_expected] = _expectations(
        forecasts.loc[is_expected, columns_read],
        {name: text[is_expected] for name, text in texts.items()},
        records,
    )
    columns = {"explanation": sentences, "outside_range": _outside_range(forecasts, texts)}
    return FORECASTS.cast(forecasts.assign(**columns))


def _reasons(labels: pd.Series) -> pd.Series:
    """Why there is no forecast, as sentences; a label may be a sentence already."""
    sentences = labels.str[:1].str.upper() + labels.str[1:] + "."
    return sentences.str.replace("..", ".", regex=False)


def _expectations(
    forecasts: pd.DataFrame, texts: Mapping[str, pd.Series], records: pd.DataFrame
) -> pd.Series:
    """What is expected of years that have not ended; `texts` are their figures as readers see them."""
    expected = forecasts["quarters_used"].map(QUARTER_WORDS) + " the year is expected to end at "
    within = ", between " + texts["lower_80"] + " and " + texts["upper_80"] + " in 8 years of 10"
    label = (" (" + forecasts["label"] + ")").where(forecasts["label"].notna(), "")
    last_year = "; last year ended at " + texts["last_year"] + _last_year_position(forecasts)
    parts = [
        expected,
        texts["forecast"],
        within.where(forecasts["lower_80"].notna(), ""),
        label,
        last_year.where(forecasts["last_year"].notna(), ""),
        (f". {EXCEPTIONAL}: " + forecasts["exceptional_quarters"]).fillna(""),
        _accuracy_sentences(forecasts, records),
    ]
    return _join_texts(parts)


def _join_texts(parts: Sequence[pd.Series]) -> pd.Series:
    """Columns of text side by side as one: a sum of them would write each of its steps to memory."""
    text = pa.large_string()
    columns = [pa.array(part.astype("str"), text) for part in parts]
    joined = pc.binary_join_element_wise(*columns, pa.scalar("", text))
    return pd.Series(joined, index=parts[0].index, dtype="str")


def _outside_range(forecasts: pd.DataFrame, texts: Mapping[str, pd.Series]) -> pd.Series:
    """The sentence for each forecast that is displayed outside the model's range, missing for the others."""
    sentences = pd.Series(None, index=forecasts.index, dtype="str")
    rows = forecasts[[*YEAR_SO_FAR, "label"]].assign(
        shown=texts["forecast"], lower=texts["lower_80"], upper=texts["upper_80"]
    )
    is_part = (forecasts["forecast"].notna() & forecasts["quarters_used"].lt(QUARTERS_PER_YEAR)).to_numpy(
        "bool"
    )
    ranges = rows[is_part & forecasts["method"].eq("model") & forecasts["lower_80"].notna()]
    found = rows.loc[is_part, [*YEAR_SO_FAR, "shown", "label"]].assign(row=rows.index[is_part])
    found = found.merge(ranges[[*YEAR_SO_FAR, "lower", "upper"]], on=YEAR_SO_FAR, validate="many_to_one")
    shown, lower, upper = (_read_figures(found[name]) for name in ("shown", "lower", "upper"))
    outside = found.assign(side=np.where(shown < lower, "below", "above"))[(shown < lower) | (shown > upper)]
    label = (" (" + outside["label"] + ")").fillna("")
    found_sentences = "The year-end forecast of " + outside["shown"] + label + " lies " + outside["side"]
    found_sentences += " the range of " + outside["lower"] + " to " + outside["upper"]
    found_sentences += ", in which the model expects 8 of 10 such years to end."
    sentences[outside["row"]] = found_sentences.to_numpy()
    return sentences


def _read_figures(texts: pd.Series) -> np.ndarray:
    """Figures as `format_figures` writes them, as numbers: compared as they are displayed."""
    position, names = pd.factorize(texts)  # one figure stands in many rows
    return np.array([float(name.rstrip("%").replace(",", "")) for name in names])[position]


def _last_year_position(forecasts: pd.DataFrame) -> pd.Series:
    """Whether last year lies in the range: only outside it is this year expected to differ."""
    last_year = forecasts["last_year"]
    is_below, is_above = last_year < forecasts["lower_80"], last_year > forecasts["upper_80"]
    words = pd.Series(", within that range", forecasts.index, dtype="str")
    words = words.mask(is_below.fillna(False), ", below that range").mask(
        is_above.fillna(False), ", above that range"
    )
    return words.where(forecasts["lower_80"].notna(), "")


def _accuracy_sentences(forecasts: pd.DataFrame, records: pd.DataFrame) -> pd.Series:
    """How accurate such forecasts were in the years before, on the index of `forecasts`."""
    number, rows = series_numbers(forecasts, [*COMPARABLE, "fiscal_year"])  # one for all categories
    sentences = _format_accuracy(_accuracy_before(rows, records))
    return sentences.take(number).set_axis(forecasts.index)


def _accuracy_before(forecasts: pd.DataFrame, records: pd.DataFrame) -> pd.DataFrame:
    """The back-test of the years before each forecast, on its index.

    Returns:
        error (sum of percent), scored (years with an error), ranged (years with a range) and inside (years
        whose outturn was inside it).
    """
    ordered = records.sort_values("fiscal_year", kind="stable")
    ordered = ordered.assign(
        error=ordered["abs_pct_error"].clip(upper=LARGEST_ERROR),
        scored=ordered["abs_pct_error"].notna().astype("int64"),
        ranged=ordered["in_80"].notna().astype("int64"),
        inside=ordered["in_80"].fillna(False).astype("int64"),
    )
    sums = ["error", "scored", "ranged", "inside"]
    running = ordered.assign(error=ordered["error"].fillna(0)).groupby(COMPARABLE)[sums].cumsum()
    table = pd.concat([ordered[COMPARABLE], running], axis=1).assign(year=_start_years(ordered))
    wanted = forecasts[COMPARABLE].assign(row=range(len(forecasts)), year=_start_years(forecasts))
    found = pd.merge_asof(
        wanted.sort_values("year", kind="stable"),
        table.sort_values("year", kind="stable"),
        on="year",
        by=COMPARABLE,
        allow_exact_matches=False,
    )
    return found.sort_values("row")[sums].set_axis(forecasts.index).fillna(0)


def _start_years(rows: pd.DataFrame) -> pd.Series:
    """The calendar year in which each row's financial year starts."""
    return rows["fiscal_year"].str[:4].astype("int64")


def _format_accuracy(accuracy: pd.DataFrame) -> pd.Series:
    years = accuracy["scored"].astype("int64")
    error = (accuracy["error"] / years.where(years > 0)).astype("float64")
    many = years.astype("str") + " earlier years"
    sentences = ". Such forecasts missed by " + pd.Series(_format_half_up(error, 0), accuracy.index)
    sentences += "% on average in " + many.mask(years.eq(1), "the one earlier year")
    ranged = accuracy["ranged"].astype("int64")
    inside = accuracy["inside"].astype("int64").astype("str") + " of " + ranged.astype("str")
    sentences += (", and " + inside + " ended within the range").where(ranged > 0, "") + "."
    return sentences.mask(years.eq(0), ". There is no record of such forecasts yet.")


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
    texts = np.full(len(values), "", dtype="object")
    numbers = values.astype("Float64").to_numpy(dtype="float64", na_value=np.nan)
    for form in dict.fromkeys(forms):
        has_form = np.array([each == form for each in forms])[position]
        texts[has_form] = _format_half_up(pd.Series(numbers[has_form]), *form)
    return pd.Series(texts, index=values.index, dtype="str")


def _format_half_up(values: pd.Series, places: int, unit: str = "") -> np.ndarray:
    """Numbers as text with their unit, rounded half up; '' for a missing one."""
    scale = 10**places
    # A hair more than half a step: 57.5 may be held as 57.49999999999999.
    rounded = np.floor(values.to_numpy(dtype="float64") * scale + 0.5 + 1e-9) / scale
    numbers, position = np.unique(rounded, return_inverse=True)  # one figure stands in many rows
    texts = ["" if np.isnan(number) else f"{number:,.{places}f}{unit}" for number in numbers.tolist()]
    return np.array(texts, dtype="object")[position]
