"""The answers to the analyst's questions of docs/sql.md, counted in plain pandas from the tables of the lake.

Counts come from the core (one row a record), what is forecast, limited or revised from the tables of those
steps; nothing here reads the warehouse.
"""

from __future__ import annotations

from collections.abc import Callable

from tests.integration.sql_answers import from_core, from_steps
from tests.integration.sql_answers.lake_tables import TARGETS, LakeTables, Rows

__all__ = ["ANSWERS", "TARGETS", "LakeTables"]

ANSWERS: dict[tuple[int, int], Callable[[LakeTables], Rows]] = {
    (1, 1): from_core.rereferrals,
    (2, 1): from_steps.worse_than_last_quarter,
    (2, 2): from_steps.off_target,
    (3, 1): from_steps.errors_by_list,
    (4, 1): from_steps.forecasts_beside_targets,
    (5, 1): from_steps.revisions,
    (6, 1): from_core.contacts_by_team_and_month,
    (7, 1): from_core.plans_by_team_and_age,
    (8, 1): from_steps.outside_limits,
    (9, 1): from_steps.best_methods,
    (10, 1): from_core.funnel,
    (11, 1): from_core.counts_of_the_year,
    (12, 1): from_core.care_by_ethnicity,
    (13, 1): from_core.referral_sources,
    (14, 1): from_core.care_by_team_and_gender,
    (15, 1): from_steps.without_figure,
    (16, 1): from_core.teams_below_target,
    (17, 1): from_steps.received,
    (18, 1): from_steps.published_by_year,
    (19, 1): from_core.contacts_a_working_day,
    (20, 1): from_core.enquiries_by_quarter,
}
"""By the number of the question and of its query."""
