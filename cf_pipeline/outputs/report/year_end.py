"""Where the year will end, how sure that is, and how right such forecasts were."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from cf_pipeline.contracts.english import NUMBER_WORDS, count_of
from cf_pipeline.contracts.rounding import as_written, round_half_up
from cf_pipeline.outputs.report.cells import range_words, value_cell
from cf_pipeline.outputs.report.model import Section
from cf_pipeline.outputs.report.published_facts import LAST_QUARTER, PublishedFacts
from cf_pipeline.outputs.report.words import paragraph, phrase, points


def year_end_section(facts: PublishedFacts, kpis: Sequence[Any]) -> Section:
    """The year-end forecasts of some KPIs with their ranges, and the record of earlier ones."""
    texts = [text for kpi in kpis if (text := _forecast_sentence(kpi, facts))]
    if not texts:
        name = "no_forecast_of_hidden" if facts.has_hidden else "no_forecast"
        blocks = [paragraph(phrase("year_end", name))]
    elif facts.quarter.number == LAST_QUARTER:
        blocks = [points(*texts)]
    else:
        has_range = any(facts.range(kpi.kpi_id) is not None for kpi in kpis)
        meaning = [phrase("year_end", "range_meaning")] if has_range else []
        more = [*meaning, *_record(facts)]
        blocks = [points(*texts), *([paragraph(*more)] if more else [])]
    return Section("year-end", phrase("titles", "year_end"), tuple(blocks))


def _forecast_sentence(kpi: Any, facts: PublishedFacts) -> str:
    """The forecast of a KPI, its range and last year's figure; '' without a forecast."""
    row, model = facts.forecast(kpi.kpi_id), facts.range(kpi.kpi_id)
    if row is None or not pd.isna(row.symbol) or pd.isna(row.forecast):
        return ""
    values = {"title": kpi.title, "forecast": value_cell(row.forecast, kpi).text}
    has_last_year = not pd.isna(row.last_year)
    if has_last_year:
        values["last_year"] = value_cell(row.last_year, kpi).text
    if facts.quarter.number == LAST_QUARTER:
        return phrase("year_end", "outturn" if has_last_year else "outturn_alone", **values)
    if model is not None:
        likely = range_words(model.lower_80, model.upper_80, kpi)
        return phrase(
            "year_end", "count" if has_last_year else "count_without_last_year", range=likely, **values
        )
    return phrase("year_end", "count_without_range" if has_last_year else "count_alone", **values)


def _record(facts: PublishedFacts) -> list[str]:
    """How many earlier years ended inside their range, and how far off half of the forecasts were."""
    if "fact_forecast_record" not in facts.tables:
        return []
    record = facts.forecast_record
    ranges = record[record["in_80"].notna() & record["method"].eq("model")]
    if ranges.empty:
        return [phrase("year_end", "no_record")]
    quarters = count_of(NUMBER_WORDS[facts.quarter.number], "quarter", "quarters")
    if facts.quarter.number == 1:
        quarters = f"{NUMBER_WORDS[1]} quarter"
    inside = int(ranges["in_80"].astype(bool).sum())
    texts = [phrase("year_end", "record", count=len(ranges), inside=inside, quarters=quarters)]
    if len(facts.methods) == 1:
        errors = record.loc[record["method"].eq(facts.methods[0]), "abs_pct_error"].dropna()
        if len(errors):
            error = round_half_up(as_written(float(errors.median())))
            method = phrase("methods", facts.methods[0])
            texts.append(phrase("year_end", "typical_error", method=method, error=error))
    return texts
