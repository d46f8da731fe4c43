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

FIRM = "firm"
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
    direction = (special["value"] > special["mean"]).map({True: "higher", False: "lower"})
    columns = ("authority_code", "quarter_key", "kpi_id", "cause")
    rows = zip(*(special[name] for name in columns), direction, strict=True)
    return {
        (code, quarter_key, kpi_id): sentence_from(
            "special_variation", name, title=registry[kpi_id].title, cause=cause
        )
        for code, quarter_key, kpi_id, cause, name in rows
    }


def select_sentences(
    sentences: Sentences, authority_code: str, quarter_key: str, kpi_ids: Iterable[str]
) -> list[str]:
    """The sentences about some KPIs of one authority and quarter, in the order of the KPIs."""
    selected = (sentences.get((authority_code, quarter_key, kpi_id)) for kpi_id in kpi_ids)
    return [text for text in selected if text]
