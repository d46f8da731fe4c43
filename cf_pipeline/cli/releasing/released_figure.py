"""What `explain` says of a figure's releases: shown, hidden, or not shown for the quarter."""

from __future__ import annotations

from collections.abc import Iterator

from cf_pipeline import warehouse
from cf_pipeline.project.releases.audiences import AUDIENCES, WORDS

HIDDEN = "hidden, as is every figure from which a small number could be worked out"


def release_lines(url: str, authority_code: str, kpi_id: str, quarter_key: str) -> Iterator[str]:
    """A line for each audience to which the authority was released; nothing tells why a figure is hidden.

    Args:
        url: the warehouse.
        authority_code: GSS code.
        kpi_id: the KPI, of whose total the line is.
        quarter_key: the quarter, as in 2019/20 Q3.
    """
    place = {"authority_code": authority_code}
    for audience, schema in AUDIENCES.items():
        releases = warehouse.read_table(url, "release", place, schema)
        if releases.empty:
            continue
        where = place | {"kpi_id": kpi_id, "quarter_key": quarter_key, "breakdown": ["total", "band"]}
        rows = warehouse.read_table(url, "fact_kpi_quarterly", where, schema)
        is_hidden = rows["symbol"].eq(releases["symbol"].item()).fillna(False)
        state = HIDDEN if is_hidden.any() else "shown" if len(rows) else "not shown for this quarter"
        yield f"Release {releases['release_no'].item()} to {WORDS[audience]}: {state}."
