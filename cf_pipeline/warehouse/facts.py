"""Facts that the lake has in another shape: months, and the targets of each authority."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from cf_pipeline.contracts.tables import table_contract
from cf_pipeline.forecast.targets import Target, targets_of

if TYPE_CHECKING:
    from cf_pipeline.kpi.definitions.registry import Kpi

FACT_TARGET = table_contract("published_v1/fact_target")
PERSONAL_BREAKDOWNS = ("age_band", "gender", "ethnicity", "disability")
"""What a child is: in a month most of these categories have no child, or one or two; quarters have them."""
YEARLY_KIND = "rate_10k"
"""Rates have no month: their population is that of a year."""


def fact_kpi_monthly(kpi_monthly: pd.DataFrame, registry: Mapping[str, Kpi]) -> pd.DataFrame:
    """The rows of `fact_kpi_monthly`, without their category_key: no rates and no personal breakdowns.

    Args:
        kpi_monthly: the table `kpi/monthly`.
        registry: the KPIs by id.
    """
    rates = [kpi.id for kpi in registry.values() if kpi.kind == YEARLY_KIND]
    is_left_out = kpi_monthly["breakdown"].isin(PERSONAL_BREAKDOWNS) | kpi_monthly["kpi_id"].isin(rates)
    rows = kpi_monthly[~is_left_out]
    place, months = pd.factorize(rows["month"])
    starts = pd.to_datetime(pd.Series(list(months), dtype="str"), format="%Y-%m").astype("datetime64[us]")
    return rows.assign(month_start=starts.take(place).array)


def fact_target(
    targets: Sequence[Target], authority_codes: Sequence[str], kpi_ids: Sequence[str], first_day: dt.date
) -> pd.DataFrame:
    """The rows of `fact_target`: the targets of each authority, no two of a KPI on the same day.

    Args:
        targets: those of the settings.
        authority_codes: the authorities that have figures.
        kpi_ids: the KPIs; a target of any other is left out.
        first_day: the day from which a target without a start is shown.
    """
    rows = [
        {
            "authority_code": code,
            "kpi_id": kpi_id,
            "valid_from": target.start or first_day,
            "valid_until": target.end,
            "value": target.value,
            "decided_by": target.decided_by,
            "decided_on": target.decided_on,
            "is_own": target.authority_code is not None,
        }
        for code in authority_codes
        for kpi_id in sorted({target.kpi_id for target in targets} & set(kpi_ids))
        for target in targets_of(targets, code, kpi_id)
        if target.start is not None or target.last_day >= first_day
    ]
    return FACT_TARGET.frame(rows)
