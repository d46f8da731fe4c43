"""Figures computed from a KPI's totals: comparisons, forecasts, control limits, headlines.

One computed from a hidden total gives it away, so it is shown only where no total of its KPI up to its
quarter is hidden.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from cf_pipeline.disclosure.cells import TOTAL
from cf_pipeline.disclosure.policy import AudiencePolicy

BEFORE_ALL = ""
"""Sorts before every quarter key."""
NEVER = "~"
"""Sorts after every quarter key."""


def first_hidden_quarters(rows: pd.DataFrame, audience: AudiencePolicy) -> dict[str, str]:
    """For each KPI the first quarter of a hidden total, '~' where none is.

    A KPI whose 12-month figure is shown in the place of its quarters has '': all its quarters are hidden.
    """
    totals = rows[rows["breakdown"].eq(TOTAL)]
    hidden = totals[totals["symbol"].eq(audience.symbol).fillna(False)]
    first = dict.fromkeys(totals["kpi_id"], NEVER)
    first |= hidden.groupby("kpi_id")["quarter_key"].min().to_dict()
    other_basis = totals.loc[totals["basis"].ne(audience.basis), "kpi_id"]
    return first | dict.fromkeys(other_basis, BEFORE_ALL)


def computed_rows(
    name: str, table: pd.DataFrame, first_hidden: Mapping[str, str], audience: AudiencePolicy
) -> pd.DataFrame:
    """The rows of a computed table that an audience is shown.

    Args:
        name: the table.
        table: its rows, of one authority.
        first_hidden: `first_hidden_quarters` of what the audience is shown.
        audience: the policy in force.
    """
    kpi_lists = table["kpi_ids" if name == "fact_headline" else "kpi_id"].fillna("").astype(str)
    pairs = zip(kpi_lists, table["quarter_key"], strict=True)
    is_shown = np.array([_may_show(kpis.split(";"), quarter, first_hidden) for kpis, quarter in pairs], bool)
    if "breakdown" in table:
        is_shown &= table["breakdown"].eq(TOTAL).to_numpy(bool)
    if "basis" in table:
        # The year to date of an approved total adds nothing to its quarters.
        is_approved = table["kpi_id"].isin(list(audience.approved_kpis))
        is_shown &= (table["basis"].eq(audience.basis) | is_approved).to_numpy(bool)
    return table[is_shown]


def _may_show(kpi_ids: Iterable[str], quarter: str, first_hidden: Mapping[str, str]) -> bool:
    names = [kpi_id for kpi_id in kpi_ids if kpi_id]
    return bool(names) and all(quarter < first_hidden.get(kpi_id, BEFORE_ALL) for kpi_id in names)
