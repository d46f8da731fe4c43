"""A small `public_v1` for the tests of what the public reads: made-up figures of one authority."""

from __future__ import annotations

import pandas as pd

from cf_pipeline.contracts.tables import table_contract
from tests.support import publication_example as example

CODE, QUARTER, SYMBOL, POLICY_HASH = example.CODE, example.QUARTER, "c", "5eed" * 16
REASON = "Hidden so that no small number of children can be worked out."
YEAR_NOTE = "The 12-month figure is shown, as too many of the latest quarters would be hidden."
TABLES = (
    "dim_authority", "dim_kpi", "dim_quarter", "dim_date", "dim_category", "dim_neighbour", "fact_comparator",
    "fact_kpi_quarterly", "fact_kpi_comparison", "fact_kpi_forecast", "fact_control_limit", "fact_headline",
    "fact_target", "publication",
)  # fmt: skip
AGES = {"<1": 6, "1-4": 7, "5-9": 3, "10-15": 10, "16-17": 2}
"""Children in need cases open in quarter 3 by age: 28, of which 3 and 2 must be hidden."""
GENDERS = {"M": 40, "F": 36, "U": 1}
"""Contacts of quarter 3 by gender: 77, of which 1 and with it 36 must be hidden."""
YEAR_KPI = "cla_3plus_placements_count"
HIDDEN_KPI = "icpc_15wd_pct"
"""Every figure of it is hidden."""


def split(kpi_id, breakdown, counts):
    """Rows of quarter 3 of a count by category."""
    return [
        example.row(kpi_id, example.QUARTER, "quarter", count)
        | {"breakdown": breakdown, "category": category}
        for category, count in counts.items()
    ]


def kpi_quarterly() -> pd.DataFrame:
    """The figures before anything is hidden: one basis a KPI."""
    known = example.kpi_quarterly()
    shown = known[
        known["breakdown"].eq("total") & known["basis"].eq("quarter") & known["kpi_id"].ne(YEAR_KPI)
    ]
    years = [
        example.row(YEAR_KPI, f"{year}/{(year + 1) % 100:02d} Q4", "year", count) | {"note": YEAR_NOTE}
        for year, count in ((2017, 11), (2018, 14))
    ]
    rows = [*split("cin_open_stock", "age_band", AGES), *split("contacts_count", "gender", GENDERS), *years]
    rows.append(example.row(HIDDEN_KPI, "2019/20 Q2", "quarter", 3, 9))
    more = pd.DataFrame(rows).astype(shown.dtypes.to_dict())
    return pd.concat([shown, more], ignore_index=True)


def hide(figures: pd.DataFrame, is_hidden: pd.Series) -> pd.DataFrame:
    """The figures with the symbol where they are hidden; the whole of a share stays."""
    columns = {name: figures[name].mask(is_hidden) for name in ("numerator", "value")}
    symbols = figures["symbol"].astype(object).mask(is_hidden, SYMBOL)
    return figures.assign(
        **columns, symbol=symbols, reason=figures["reason"].astype(object).mask(is_hidden, REASON)
    )


def hidden_rows(figures: pd.DataFrame) -> pd.Series:
    """Which of `kpi_quarterly` must not be seen."""
    return (
        figures["kpi_id"].eq(HIDDEN_KPI)
        | figures["breakdown"].eq("age_band") & figures["category"].isin(["5-9", "16-17"])
        | figures["breakdown"].eq("gender") & figures["category"].isin(["F", "U"])
    )


def release_tables(withheld=()) -> dict[str, pd.DataFrame]:
    """The three tables that say which release it is; `withheld`: pairs of KPI and breakdown."""
    release = {
        "authority_code": CODE,
        "audience": "members_public",
        "release_no": 3,
        "released_at": pd.Timestamp("2020-01-06 02:00"),
        "figures_version": 7,
        "policy_hash": POLICY_HASH,
        "threshold_count": 5,
        "goal": "not_exact",
        "symbol": SYMBOL,
        "basis": "quarter",
        "note": None,
    }
    return {
        "release": table_contract("release/release").frame([release]),
        "release_approval": table_contract("release/release_approval").empty(),
        "release_withheld": table_contract("release/release_withheld").frame(
            [(CODE, kpi_id, breakdown) for kpi_id, breakdown in withheld]
        ),
    }


def tables(*, figures=None, is_hidden=None, withheld=()) -> dict[str, pd.DataFrame]:
    """The tables of `public_v1`.

    Args:
        figures: as `kpi_quarterly` gives them.
        is_hidden: which of them are; those of `hidden_rows` when None.
        withheld: pairs of KPI and breakdown that are not shown at all.
    """
    figures = kpi_quarterly() if figures is None else figures
    is_hidden = hidden_rows(figures) if is_hidden is None else is_hidden
    published = example.tables(kpi_quarterly=hide(figures, is_hidden))
    shown = {name: published[name] for name in TABLES} | release_tables(withheld)
    categories = shown["dim_category"]
    is_public = categories["breakdown"].isin(["total", "age_band", "gender"])
    return shown | {"dim_category": categories[is_public]}


def tables_with_everything_hidden() -> dict[str, pd.DataFrame]:
    """The tables of `public_v1` where every figure is hidden, and so whatever is made from them."""
    figures = kpi_quarterly()
    shown = tables(figures=figures, is_hidden=pd.Series(True, index=figures.index))
    computed = ("fact_headline", "fact_kpi_forecast", "fact_kpi_comparison", "fact_control_limit")
    return shown | {name: shown[name].iloc[:0] for name in computed}
