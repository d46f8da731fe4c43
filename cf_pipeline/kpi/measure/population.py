"""The population of each financial year: its own estimate, or the newest earlier one and a note on it.

A financial year has the estimate of the middle of the year in which it starts (2019/20: mid-2019). Estimates
come out a year later, so a year under way has the newest earlier one. Source: `docs/rulings.md#28`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from cf_pipeline.contracts.dates.quarters import Quarter
from cf_pipeline.contracts.tables import table_contract
from cf_pipeline.kpi.definitions.registry import POPULATION
from cf_pipeline.kpi.measure.periods import Periods, Reasons

ESTIMATE_YEAR = "estimate_year"
_TABLE = table_contract("reference/population").without("authority_code")


def add_populations(
    tables: Mapping[str, pd.DataFrame], quarters: Iterable[Quarter]
) -> dict[str, pd.DataFrame]:
    """The tables with a population for the financial year of each quarter, where any is known so far.

    The table `population` gets `estimate_year`, the mid-year its number was estimated for, and a row for each
    financial year without an estimate of its own: mid_year is the year in which it starts, persons the newest
    earlier estimate. A year before every estimate has no row.
    """
    known = _TABLE.cast(tables.get(POPULATION, _TABLE.empty())).dropna().sort_values("mid_year")
    known = known.assign(**{ESTIMATE_YEAR: known["mid_year"]})
    years = sorted({quarter.year for quarter in quarters} - set(known["mid_year"]))
    wanted = pd.DataFrame({"mid_year": pd.Series(years, dtype="Int64")})
    earlier = pd.merge_asof(
        wanted, known.rename(columns={"mid_year": "known_year"}), left_on="mid_year", right_on="known_year"
    )
    earlier = earlier[earlier["known_year"].notna()].drop(columns="known_year")
    filled = pd.concat([known, earlier], ignore_index=True).sort_values("mid_year", ignore_index=True)
    return {**tables, POPULATION: filled}


def populations(population: pd.DataFrame, periods: Periods) -> tuple[np.ndarray, Reasons, Reasons]:
    """Persons aged 0 to 17 in each period (0 where unknown), why they are unknown, and the note on each.

    Args:
        population: the table as `add_populations` fills it.
        periods: each has the population of the financial year it ends in.
    """
    by_year = population.set_index("mid_year")[["persons", ESTIMATE_YEAR]]
    years = [quarter.year for quarter in periods.quarters]
    found = by_year.reindex(years)
    is_known = found["persons"].notna().to_numpy()
    reasons = [None if known else _reason(year) for year, known in zip(years, is_known, strict=True)]
    notes = [
        None if pd.isna(estimate) or estimate == year else _note(year, int(estimate))
        for year, estimate in zip(years, found[ESTIMATE_YEAR], strict=True)
    ]
    persons = found["persons"].fillna(0).to_numpy(dtype="float64")
    return persons, np.array(reasons, dtype=object), np.array(notes, dtype=object)


def _reason(year: int) -> str:
    return (
        f"No estimate of the population aged 0 to 17 at mid-{year} or before is known; put the file of "
        "mid-year estimates into raw/_reference/."
    )


def _note(year: int, estimate_year: int) -> str:
    return f"With the population of mid-{estimate_year}: no estimate of mid-{year} is known yet."
