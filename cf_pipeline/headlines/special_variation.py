"""Sentences about quarters outside firm control limits. Each stands alone; none qualifies another sentence.

Only firm limits are used: with fewer than twelve quarters too much is flagged, and so it is for stocks, which
follow themselves. With a hundred KPIs two or three are flagged each quarter by chance alone, so a sentence
judges nothing. Source: NHS "Making Data Count"; `docs/forecasts.md`, "Control limits".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from cf_pipeline.headlines.quarter_facts import sentence_from
from cf_pipeline.kpi.definitions.registry import Kpi
from cf_pipeline.spc.special_causes import ONE_SIDE, OUTSIDE, TREND, TWO_OF_THREE

FIRM = "firm"
SENTENCES = {OUTSIDE: "outside", TREND: "trend", TWO_OF_THREE: "near", ONE_SIDE: "shift"}
"""The sentence of `data/headlines.toml` by the rule that found the variation."""
DIRECTIONS = {"special_high": "higher", "special_low": "lower"}
IMPROVEMENT = "special_improvement"
Sentences = Mapping[tuple[str, str, str], str]
"""The sentence by authority, quarter and KPI."""


def special_variation_sentences(control_limits: pd.DataFrame, registry: Mapping[str, Kpi]) -> Sentences:
    """The sentence about each figure with a special variation.

    Args:
        control_limits: as `control_limits` of `spc` returns them.
        registry: the KPIs by id, for their titles.
    """
    special = control_limits[
        control_limits["status"].eq(FIRM)
        & control_limits["variation"].fillna("").str.startswith("special")
        & control_limits["caveat"].isna()
        & control_limits["kpi_id"].isin(list(registry))
    ]
    columns = ("authority_code", "quarter_key", "kpi_id", "cause", "variation")
    return {
        (code, quarter_key, kpi_id): sentence_from(
            "special_variation",
            f"{SENTENCES[cause]}_{_direction(variation, registry[kpi_id])}",
            title=registry[kpi_id].title,
        )
        for code, quarter_key, kpi_id, cause, variation in zip(
            *(special[name] for name in columns), strict=True
        )
    }


def _direction(variation: str, kpi: Kpi) -> str:
    """Whether a special variation is 'higher' or 'lower': an improvement is higher where higher is better.

    The value may lie on the other side of the mean: a fall may begin far above it.
    """
    if variation in DIRECTIONS:
        return DIRECTIONS[variation]
    is_higher = (variation == IMPROVEMENT) == (kpi.polarity == "higher_better")
    return "higher" if is_higher else "lower"


def select_sentences(
    sentences: Sentences, authority_code: str, quarter_key: str, kpi_ids: Iterable[str]
) -> list[str]:
    """The sentences about some KPIs of one authority and quarter, in the order of the KPIs."""
    selected = (sentences.get((authority_code, quarter_key, kpi_id)) for kpi_id in kpi_ids)
    return [text for text in selected if text]
