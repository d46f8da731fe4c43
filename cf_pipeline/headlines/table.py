"""The committee's table: one row of headlines an area, written from the figures by rules.

A clause that does not hold is replaced or left out. A figure that is not available is named as such, never
written as zero. Source: the sentences of the committee report of 10 February 2020; `docs/rulings.md#12` and
`docs/rulings.md#20`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd

from cf_pipeline.compare.differences import DEFAULT_WORDING_LIMITS, WordingLimits
from cf_pipeline.compare.figures import AuthorityFigures
from cf_pipeline.contracts.english import sentence
from cf_pipeline.contracts.tables import table_contract
from cf_pipeline.headlines import cases, demand
from cf_pipeline.headlines.quarter_facts import QuarterFacts
from cf_pipeline.headlines.special_variation import select_sentences, special_variation_sentences
from cf_pipeline.kpi.definitions.registry import Kpi

HEADLINES = table_contract("kpi/headlines")


@dataclass(frozen=True)
class Area:
    """One row of the table: its name, the function that writes its lines, and the KPIs it is written from."""

    name: str
    write_lines: Callable[[QuarterFacts], list[list[str]]]
    kpi_ids: tuple[str, ...]


AREAS = (
    Area(
        "Contacts and Referrals",
        demand.write_contacts_and_referrals,
        (demand.CONTACTS, demand.IN_ONE_DAY, demand.REFERRALS, demand.CONVERSION),
    ),
    Area("Early Help", demand.write_early_help, (demand.EARLY_HELP, demand.SHORT_BREAKS)),
    Area("Assessments", demand.write_assessments, (demand.STARTED, demand.COMPLETED, demand.IN_TIME)),
    Area("Children in Need", cases.write_children_in_need, (cases.IN_NEED, cases.SIX_MONTHS)),
    Area(
        "Child Protection",
        cases.write_child_protection,
        (cases.ON_PLANS, cases.LONG_PLANS, cases.CONFERENCES),
    ),
    Area("Children in Care", cases.write_children_in_care, (cases.IN_CARE, cases.PLACEMENTS, cases.VISITS)),
    Area(
        "Children Missing",
        cases.write_children_missing,
        (cases.MISSING, cases.EPISODES, cases.INTERVIEWS),
    ),
    Area(
        "Care Leavers",
        cases.write_care_leavers,
        (cases.LEAVERS, cases.EET, cases.ACCOMMODATION, cases.BOTH, cases.PLAN, cases.TOUCH),
    ),
)
"""The areas in the order of the table."""


def headlines(
    figures_by_code: Mapping[str, AuthorityFigures],
    registry: Mapping[str, Kpi],
    limits: WordingLimits = DEFAULT_WORDING_LIMITS,
    control_limits: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """The headlines of every quarter that has figures.

    Args:
        figures_by_code: the figures of each authority, as `figures_by_authority` returns them.
        registry: the KPIs by id.
        limits: between the words for a difference.
        control_limits: of the KPIs; quarters with a special variation get a line. None for no such lines.

    Returns:
        One row an authority, quarter and area: authority_code, quarter_key, area, position (1 to 8, the
        order of the table), text (sentences, with a line break where the committee's table has one) and
        kpi_ids (joined by ;).
    """
    special = {} if control_limits is None else special_variation_sentences(control_limits, registry)
    rows = [
        (
            code,
            quarter.key,
            area.name,
            position,
            _text(
                area.write_lines(QuarterFacts(figures, quarter, limits)),
                select_sentences(special, code, quarter.key, area.kpi_ids),
            ),
            ";".join(area.kpi_ids),
        )
        for code, figures in figures_by_code.items()
        for quarter in figures.quarters
        for position, area in enumerate(AREAS, start=1)
    ]
    return HEADLINES.frame(rows)


def _text(lines: list[list[str]], special_sentences: list[str]) -> str:
    """The lines as text, those about special variations last; empty sentences and lines are dropped."""
    texts = (" ".join(sentence(text) for text in line if text) for line in [*lines, special_sentences])
    return "\n".join(text for text in texts if text)
