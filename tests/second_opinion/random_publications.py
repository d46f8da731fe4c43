"""Random linked tables as the product publishes them, for attackers: of referrals, and of days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd
import pytest

from cf_pipeline.disclosure.policy import AudiencePolicy
from cf_pipeline.disclosure.suppress import Suppression, suppress_figures
from cf_pipeline.kpi.definitions.registry import Kpi
from tests.support.disclosure_figures import (
    DURATIONS,
    LINKED,
    department_figures,
    duration_figures,
    linked_figures,
    public,
    random_children,
    random_durations,
    registry,
)

TABLE, DEPARTMENT = "fact_kpi_quarterly", "fact_comparator"
KPIS, DURATION_KPIS = registry(*LINKED), registry(*DURATIONS)
FEW, MORE, MANY = range(20), range(20, 60), range(60, 200)
SEEDS = [
    *FEW,
    *(pytest.param(seed, marks=pytest.mark.slow) for seed in MORE),
    *(pytest.param(seed, marks=pytest.mark.long) for seed in MANY),
]
POLICIES = ({}, {"basis": "year"}, {"small_authority_share": 0.3})
"""Years stand for quarters in every third table, and in every third for what is mostly hidden."""


@dataclass(frozen=True)
class Publication:
    """Unsuppressed tables of one authority, the policy they are published under, and what is shown."""

    tables: Mapping[str, pd.DataFrame]
    audience: AudiencePolicy
    registry: Mapping[str, Kpi]
    result: Suppression

    @property
    def rows(self) -> list[dict]:
        """The published figures."""
        return plain_rows(self.result.tables[TABLE])

    @property
    def department(self) -> list[dict]:
        """The department's figures of the authority."""
        return plain_rows(self.tables[DEPARTMENT]) if DEPARTMENT in self.tables else []


def plain_rows(frame: pd.DataFrame) -> list[dict]:
    """Rows as dictionaries; a missing cell is None."""
    return frame.astype(object).where(frame.notna(), None).to_dict("records")


@cache
def publish_referrals(seed: int) -> Publication:
    """Referrals by quarter, year, age and gender, percentages of them and a rate.

    Beside every second one stand the department's figures.
    """
    tables = linked_figures(random_children(seed))
    if seed % 2:
        tables[DEPARTMENT] = department_figures(tables)
    audience = public(**POLICIES[seed % 3])
    return Publication(tables, audience, KPIS, suppress_figures(tables, audience, KPIS))


@cache
def publish_durations(seed: int) -> Publication:
    """An average and a median number of days by quarter or year, age and gender."""
    tables = duration_figures(random_durations(seed))
    audience = public(**POLICIES[seed % 3])
    return Publication(tables, audience, DURATION_KPIS, suppress_figures(tables, audience, DURATION_KPIS))


def add_child(children: Mapping[str, np.ndarray], seed: int) -> dict[str, np.ndarray]:
    """The same children and some more referrals in the first quarter, of an age and gender by the seed."""
    changed = {name: counts.copy() for name, counts in children.items()}
    changed["referrals"][0, seed % 4, seed % 2] += 1 + seed % 5
    return changed
