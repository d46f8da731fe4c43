"""Invented figures of one authority, shaped like fact_kpi_quarterly: tiny by hand, or random and linked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from cf_pipeline.disclosure.policy import AudiencePolicy, product_policy
from cf_pipeline.kpi.definitions.registry import Kpi, load_registry

AUTHORITY = "E09000099"
AGES, GENDERS = ("<1", "1-4", "5-9", "10-15"), ("F", "M")
BREAKDOWN_OF = {"all": "total"} | dict.fromkeys([*GENDERS, "U"], "gender")
COLUMNS = [
    "authority_code", "quarter_key", "basis", "kpi_id", "breakdown", "category", "numerator", "denominator",
    "value", "symbol", "reason", "note",
]  # fmt: skip
LINKED = (
    "referrals_count", "rereferrals_12m_pct", "referrals_nfa_pct", "referrals_rate_10k", "pop_0_17",
)  # fmt: skip
POPULATION = 4000
DURATIONS = ("adopt_a2_days", "contacts_median_days")
"""An average, whose numerator is the sum of days, and a median; both of the same children here."""
Count = int | tuple[int, int]
"""A numerator, or a numerator and its denominator."""


def registry(*kpi_ids: str, is_sensitive: bool = False) -> dict[str, Kpi]:
    """Some KPIs of the product's registry, all of them sensitive or none."""
    everything = load_registry()
    return {kpi_id: replace(everything[kpi_id], is_sensitive=is_sensitive) for kpi_id in kpi_ids}


def public(**changes) -> AudiencePolicy:
    """The public's policy, without the small-authority rule unless the changes say so."""
    return replace(product_policy()["members_public"], **{"small_authority_share": 1.0} | changes)


def kpi_rows(kpi_id: str, quarter: str, counts: Mapping[str, Count], basis: str = "quarter") -> list[dict]:
    """The rows of a KPI and quarter from its counts by category: 'all' is the total, M and F are genders."""
    kind = load_registry()[kpi_id].kind
    rows = []
    for category, count in counts.items():
        numerator, denominator = count if isinstance(count, tuple) else (count, None)
        value = float(numerator)
        if denominator is not None:
            scale = 10_000 if kind == "rate_10k" else 100
            value = scale * numerator / denominator if denominator else None
        if kind in ("average", "median_days"):
            value, numerator = float(numerator), None
        rows.append(
            {
                "authority_code": AUTHORITY,
                "quarter_key": quarter,
                "basis": basis,
                "kpi_id": kpi_id,
                "breakdown": BREAKDOWN_OF.get(category, "age_band"),
                "category": category,
                "numerator": numerator,
                "denominator": denominator,
                "value": value,
                "symbol": "z" if value is None else None,
            }
        )
    return rows


def figures(*groups: Iterable[dict]) -> dict[str, pd.DataFrame]:
    """The table of some rows, under the name it has in published_v1."""
    rows = pd.DataFrame([row for group in groups for row in group]).reindex(columns=COLUMNS)
    for name in ("numerator", "denominator", "value"):
        rows[name] = rows[name].astype("Float64").astype(float)
    return {"fact_kpi_quarterly": rows}


def read_values(
    tables: Mapping[str, pd.DataFrame], kpi_id: str, quarter: str | None = None
) -> dict[str, object]:
    """What is shown of a KPI: by category its value, or its symbol."""
    rows = tables["fact_kpi_quarterly"]
    rows = rows[rows["kpi_id"].eq(kpi_id)]
    if quarter is not None:
        rows = rows[rows["quarter_key"].eq(quarter)]
    return {row.category: row.value if pd.isna(row.symbol) else row.symbol for row in rows.itertuples()}


def random_children(seed: int, years: int = 1) -> dict[str, np.ndarray]:
    """Random counts by quarter, age and gender: referrals, and of those repeats and no further action."""
    generator = np.random.default_rng(seed)
    shape = (4 * years, len(AGES), len(GENDERS))
    mean = generator.choice([0.5, 1.5, 4.0, 9.0], size=(1, len(AGES), len(GENDERS)))
    referrals = generator.poisson(mean, shape)
    return {
        "referrals": referrals,
        "repeats": generator.binomial(referrals, generator.uniform(0.05, 0.5)),
        "nfa": generator.binomial(referrals, generator.uniform(0.05, 0.5)),
    }


def linked_figures(children: Mapping[str, np.ndarray], first_year: int = 2018) -> dict[str, pd.DataFrame]:
    """The KPIs of `LINKED` from counts by quarter, age and gender, for quarters, years to date and years."""
    groups = []
    for quarter in range(len(children["referrals"])):
        year, number = first_year + quarter // 4, quarter % 4 + 1
        key = f"{year}/{(year + 1) % 100:02d} Q{number}"
        since = quarter - number + 1
        spans = {"quarter": slice(quarter, quarter + 1), "ytd": slice(since, quarter + 1)}
        if number == 4:
            spans["year"] = spans["ytd"]
        for basis, span in spans.items():
            groups += _linked_rows(
                key, basis, {name: _margins(counts[span]) for name, counts in children.items()}
            )
    return figures(*groups)


def _margins(counts: np.ndarray) -> dict[str, int]:
    cells = counts.sum(axis=0)
    ages = {age: int(count) for age, count in zip(AGES, cells.sum(axis=1), strict=True)}
    genders = {gender: int(count) for gender, count in zip(GENDERS, cells.sum(axis=0), strict=True)}
    return {"all": int(cells.sum())} | ages | genders


def _linked_rows(quarter: str, basis: str, margins: Mapping[str, Mapping[str, int]]) -> list[list[dict]]:
    referrals = margins["referrals"]
    return [
        kpi_rows("referrals_count", quarter, referrals, basis),
        kpi_rows(
            "rereferrals_12m_pct",
            quarter,
            {name: (margins["repeats"][name], referrals[name]) for name in referrals},
            basis,
        ),
        kpi_rows(
            "referrals_nfa_pct",
            quarter,
            {name: (margins["nfa"][name], referrals[name]) for name in referrals},
            basis,
        ),
        kpi_rows("referrals_rate_10k", quarter, {"all": (referrals["all"], POPULATION)}, basis),
        kpi_rows("pop_0_17", quarter, {"all": POPULATION}, basis),
    ]


def department_figures(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """What the department publishes of the authority's years, to one decimal and with its own hiding."""
    rows = tables["fact_kpi_quarterly"]
    rows = rows[rows["basis"].eq("year") & rows["breakdown"].eq("total") & rows["kpi_id"].isin(LINKED[1:4])]
    rest = rows["denominator"] - rows["numerator"]
    is_small = pd.concat([rows["numerator"], rows["denominator"], rest], axis=1).isin(range(1, 6)).any(axis=1)
    scale = rows["kpi_id"].eq("referrals_rate_10k").map({True: 10_000, False: 100})
    exact = (2 * scale * 10 * rows["numerator"] + rows["denominator"]) // (2 * rows["denominator"]) / 10
    return pd.DataFrame(
        {
            "authority_code": AUTHORITY,
            "kpi_id": rows["kpi_id"],
            "category": "all",
            "year_ending": rows["quarter_key"].str[:4].astype(int) + 1,
            "value": exact.mask(is_small),
        }
    )


def random_durations(seed: int, quarters: int = 4) -> pd.DataFrame:
    """Random children: quarter (from 0), age and gender, and days."""
    generator = np.random.default_rng(seed)
    count = int(generator.choice([25, 60, 120]))
    days = generator.gamma(2.0, 60.0, count).astype(int)
    return pd.DataFrame(
        {
            "quarter": generator.integers(0, quarters, count),
            "age": generator.choice(AGES, count, p=[0.1, 0.2, 0.3, 0.4]),
            "gender": generator.choice(GENDERS, count, p=[0.3, 0.7]),
            "days": days,
        }
    )


def duration_figures(children: pd.DataFrame, first_year: int = 2018) -> dict[str, pd.DataFrame]:
    """The KPIs of `DURATIONS` from children with days, for quarters and years."""
    rows = []
    for quarter in range(4):
        key = f"{first_year}/{(first_year + 1) % 100:02d} Q{quarter + 1}"
        spans = {"quarter": children["quarter"].eq(quarter)}
        if quarter == 3:
            spans["year"] = children["quarter"].ge(0)
        for basis, is_inside in spans.items():
            here = children[is_inside]
            groups = {"all": here["days"]}
            groups |= {age: here.loc[here["age"].eq(age), "days"] for age in AGES}
            groups |= {gender: here.loc[here["gender"].eq(gender), "days"] for gender in GENDERS}
            counts = {category: (0, len(days)) for category, days in groups.items()}
            for kpi_id in DURATIONS:
                for row, days in zip(kpi_rows(kpi_id, key, counts, basis), groups.values(), strict=True):
                    is_average = kpi_id == DURATIONS[0]
                    value = (days.mean() if is_average else days.median()) if len(days) else None
                    total = int(days.sum()) if is_average and len(days) else None
                    symbol = None if len(days) else "z"
                    rows.append(row | {"numerator": total, "value": value, "symbol": symbol})
    return figures(rows)
