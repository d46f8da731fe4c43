"""What the warehouse holds of authorities whose new figures cannot be published: it stays as it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from cf_pipeline.warehouse.read import read_table, read_tables
from cf_pipeline.warehouse.tables.schemas import RESTRICTED

OF_AN_AUTHORITY = (
    *("dim_authority", "fact_kpi_quarterly", "fact_kpi_comparison", "fact_kpi_forecast"),
    *("fact_forecast_record", "fact_control_limit", "fact_headline", "kpi_revision"),
    *("delivery", "data_quality"),
)
"""Tables of `published_v1` whose rows are made for each authority alone."""
RECORDS = ("kpi_member", "person")
"""Tables of `restricted` whose rows are those of one authority."""


@dataclass(frozen=True)
class EarlierFigures:
    """The published rows of one authority, by table of `published_v1` and by table of `restricted`."""

    authority_code: str
    published: dict[str, pd.DataFrame]
    records: dict[str, pd.DataFrame]

    @property
    def as_at(self) -> str:
        """The as-at date of its figures (ISO); '' when it has none."""
        [as_at] = self.published["dim_authority"]["latest_as_at"]
        return "" if pd.isna(as_at) else f"{as_at:%Y-%m-%d}"


def find_earlier_figures(url: str, slugs: Iterable[str]) -> dict[str, EarlierFigures]:
    """What is published of these authorities, by slug; without those that never were.

    Raises:
        WarehouseError: the database failed.
    """
    wanted = set(slugs)
    if not wanted:
        return {}
    tables = read_tables(url)
    records = {name: read_table(url, name, schema=RESTRICTED) for name in RECORDS}
    known = tables["dim_authority"]
    known = known[known["slug"].isin(wanted)]
    return {
        slug: EarlierFigures(
            code,
            {name: _rows_of(tables[name], code) for name in OF_AN_AUTHORITY},
            {name: _rows_of(rows, code) for name, rows in records.items()},
        )
        for slug, code in zip(known["slug"], known["authority_code"], strict=True)
    }


def _rows_of(table: pd.DataFrame, authority_code: str) -> pd.DataFrame:
    return table[table["authority_code"].eq(authority_code)]
