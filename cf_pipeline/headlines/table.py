"""The committee's table: one row of headlines an area, generated from the facts by rules.

Source of the sentences: the committee report of 10 February 2020; of the rules: rulings 12 and 20. A clause
that does not hold is replaced or left out; a figure that is not available is said to be so, never a zero.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd

from cf_pipeline.compare.differences import DEFAULT_BANDS, Bands
from cf_pipeline.compare.figures import by_authority
from cf_pipeline.contracts.english import sentence
from cf_pipeline.headlines import cases, demand
from cf_pipeline.headlines.area_facts import Story
from cf_pipeline.headlines.special_variation import beyond_chance, line_of
from cf_pipeline.kpi.definitions.registry import Kpi

DTYPES = {
    "authority_code": "str",
    "quarter_key": "str",
    "area": "str",
    "position": "Int64",
    "text": "str",
    "kpi_ids": "str",
}


@dataclass(frozen=True)
class Area:
    """One row of the table: what it is called, what it says, and the KPIs it is made from."""

    name: str
    lines: Callable[[Story], list[list[str]]]
    kpi_ids: tuple[str, ...]


AREAS = (
    Area(
        "Contacts and Referrals",
        demand.contacts_and_referrals,
        (demand.CONTACTS, demand.IN_ONE_DAY, demand.REFERRALS, demand.CONVERSION),
    ),
    Area("Early Help", demand.early_help, (demand.EARLY_HELP, demand.SHORT_BREAKS)),
    Area("Assessments", demand.assessments, (demand.STARTED, demand.COMPLETED, demand.IN_TIME)),
    Area("Children in Need", cases.children_in_need, (cases.IN_NEED, cases.SIX_MONTHS)),
    Area("Child Protection", cases.child_protection, (cases.ON_PLANS, cases.LONG_PLANS, cases.CONFERENCES)),
    Area("Children in Care", cases.children_in_care, (cases.IN_CARE, cases.PLACEMENTS, cases.VISITS)),
    Area("Children Missing", cases.children_missing, (cases.MISSING, cases.EPISODES, cases.INTERVIEWS)),
    Area(
        "Care Leavers",
        cases.care_leavers,
        (cases.LEAVERS, cases.EET, cases.ACCOMMODATION, cases.BOTH, cases.PLAN, cases.TOUCH),
    ),
)


def headlines(
    kpi_quarterly: pd.DataFrame,
    kpi_forecast: pd.DataFrame,
    registry: Mapping[str, Kpi],
    bands: Bands = DEFAULT_BANDS,
    control_limits: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """The headlines of every quarter that has facts.

    Args:
        kpi_quarterly: the measured KPIs.
        kpi_forecast: their forecasts.
        registry: the KPIs by id.
        bands: the limits between the words of change.
        control_limits: their control limits; what stands out beyond chance is a line of its own. None for
            no such lines.

    Returns:
        One row an authority, quarter and area: authority_code, quarter_key, area, position (1 to 8, the
        order of the table), text (sentences; a new line where the committee's table starts one), kpi_ids
        (joined by ;).
    """
    clauses = {} if control_limits is None else beyond_chance(control_limits, registry)
    rows = [
        (
            code,
            quarter.key,
            area.name,
            position,
            _text(area, Story(figures, quarter, bands), line_of(clauses, code, quarter.key, area.kpi_ids)),
            ";".join(area.kpi_ids),
        )
        for code, figures in by_authority(kpi_quarterly, kpi_forecast, registry).items()
        for quarter in figures.quarters
        for position, area in enumerate(AREAS, start=1)
    ]
    return pd.DataFrame(rows, columns=list(DTYPES)).astype(DTYPES)


def _text(area: Area, story: Story, stands_out: list[str]) -> str:
    told = [*area.lines(story), stands_out]
    lines = (" ".join(sentence(each) for each in line if each) for line in told)
    return "\n".join(line for line in lines if line)
