"""What stands out of a quarter beyond chance: clauses of their own, never an adverb of another.

Only firm limits speak: fewer than twelve quarters flag too much, and so do stocks, which follow themselves.
With a hundred KPIs two or three are flagged each quarter by chance alone, so a clause asks for a look and
makes no judgement.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from cf_pipeline.headlines.area_facts import say
from cf_pipeline.kpi.definitions.registry import Kpi

FIRM = "firm"
Clauses = Mapping[tuple[str, str, str], str]
"""Authority, quarter and KPI to the clause about it."""


def beyond_chance(control_limits: pd.DataFrame, registry: Mapping[str, Kpi]) -> Clauses:
    """The clause of each figure with a special variation.

    Args:
        control_limits: as `forecast.control.control_limits` gives them.
        registry: the KPIs, for their titles.
    """
    special = control_limits[
        control_limits["status"].eq(FIRM)
        & control_limits["variation"].fillna("").str.startswith("special")
        & control_limits["caveat"].isna()
        & control_limits["kpi_id"].isin(list(registry))
    ]
    direction = (special["value"] > special["mean"]).map({True: "higher", False: "lower"})
    names = ("authority_code", "quarter_key", "kpi_id", "cause")
    return {
        (code, quarter, kpi_id): say("beyond_chance", which, title=registry[kpi_id].title, cause=cause)
        for code, quarter, kpi_id, cause, which in zip(
            *(special[name] for name in names), direction, strict=True
        )
    }


def line_of(clauses: Clauses, code: str, quarter_key: str, kpi_ids: Iterable[str]) -> list[str]:
    """The clauses about some KPIs of one quarter, in their order."""
    found = (clauses.get((code, quarter_key, kpi_id)) for kpi_id in kpi_ids)
    return [clause for clause in found if clause]
