"""What a report does not know, and why: what is left out, what has no figure, what may still move."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import pandas as pd

from cf_pipeline.contracts.english import join_words, sentence
from cf_pipeline.outputs.report.data_quality import DataQualitySummary
from cf_pipeline.outputs.report.model import Section
from cf_pipeline.outputs.report.published_facts import HIDDEN, PublishedFacts
from cf_pipeline.outputs.report.words import count_phrase, day, phrase, points

NOTHING_TO_MEASURE = "z"
MOST_REASONS = 3
SHARES = ("percentage", "rate_10k")


def unknown_section(facts: PublishedFacts, quality: DataQualitySummary) -> Section:
    """One point each for what is left out, accepted, missing, corrected or not yet final."""
    texts = [*_of_deliveries(quality), *_of_figures(facts)]
    if quality.newest_errors:
        texts.append(count_phrase("unknown", "errors", quality.newest_errors))
    elif "data_quality" in facts.tables:
        texts.append(phrase("unknown", "no_errors"))
    corrected = len({(row.kpi_id, row.quarter_key, row.basis) for row in facts.revisions})
    if corrected:
        texts.append(count_phrase("unknown", "corrected", corrected))
    texts.append(
        f"{phrase('unknown', 'provisional')} {phrase('unknown', 'data_cut', as_at=day(facts.as_at))}"
    )
    return Section("unknown", phrase("titles", "unknown"), (points(*texts),))


def withheld_reasons(facts: PublishedFacts) -> Counter[str]:
    """Why KPIs have no figure in the quarter -> how many; not of those hidden or with nothing to measure."""
    return Counter(
        str(row.reason) if not pd.isna(row.reason) else phrase("measures", "no_figure")
        for row in _totals(facts)
        if not pd.isna(row.symbol) and row.symbol not in (NOTHING_TO_MEASURE, HIDDEN)
    )


def _of_deliveries(quality: DataQualitySummary) -> list[str]:
    deliveries = {
        "left_out": quality.left_out,
        "lists_left_out": quality.with_held_lists,
        "accepted": quality.accepted,
    }
    return [
        count_phrase("unknown", name, len(rows), names=_names(rows))
        for name, rows in deliveries.items()
        if rows
    ]


def _of_figures(facts: PublishedFacts) -> list[str]:
    texts = [
        count_phrase("unknown", "no_figure", count, reason=sentence(reason))
        for reason, count in withheld_reasons(facts).most_common(MOST_REASONS)
    ]
    others = sum(count for _, count in withheld_reasons(facts).most_common()[MOST_REASONS:])
    texts += [count_phrase("unknown", "other_reasons", others)] if others else []
    hidden = sum(row.symbol == HIDDEN for row in _totals(facts) if not pd.isna(row.symbol))
    texts += [count_phrase("unknown", "hidden", hidden)] if hidden else []
    without_cases = sum(row.symbol == NOTHING_TO_MEASURE for row in _totals(facts) if not pd.isna(row.symbol))
    if without_cases:
        texts.append(count_phrase("unknown", "nothing_to_measure", without_cases))
    alone = sum(
        kpi.kind in SHARES and facts.beside_place(kpi.kpi_id) is None
        for kpi in facts.kpis
        if (row := facts.total(kpi.kpi_id, facts.quarter)) is not None and not pd.isna(row.value)
    )
    if alone:
        texts.append(count_phrase("unknown", "place", alone, place=facts.place))
    return texts


def _totals(facts: PublishedFacts) -> list[Any]:
    rows = (facts.total(kpi.kpi_id, facts.quarter) for kpi in facts.kpis)
    return [row for row in rows if row is not None]


def _names(deliveries: Sequence[Any]) -> str:
    return join_words(row.delivery_id for row in deliveries)
