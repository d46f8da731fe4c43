"""Figures of whole years and a year so far, as the measures give them, from numbers by quarter."""

import pandas as pd

from cf_pipeline.contracts.dates.quarters import Quarter

AUTHORITY = "E09000001"
COLUMNS = ["authority_code", "quarter_key", "basis", "kpi_id", "breakdown", "category"]
COLUMNS += ["numerator", "denominator", "value", "symbol"]
DTYPES = {"numerator": "Float64", "denominator": "Float64", "value": "Float64", "symbol": "str"}


def quarterly(kpi_id, tops, bottoms=None, *, last="2019/20 Q3", stock=False, scale=100, breakdown=None):
    """Quarters, years to date and years of one KPI, up to `last`; None is a quarter that is not covered."""
    newest = Quarter.parse(last)
    where = breakdown or ("total", "all")
    rows = []
    for position, top in enumerate(tops):
        quarter = newest.previous(len(tops) - 1 - position)
        bottom = None if bottoms is None else bottoms[position]
        since = 1 if stock else min(quarter.number, position + 1)
        year = slice(position + 1 - since, position + 1)
        whole = not stock and quarter.number > position + 1
        rows.append((quarter.key, "quarter", top, bottom))
        so_far = None if whole or None in tops[year] else sum(tops[year])
        below = None if bottoms is None or so_far is None else (bottom if stock else sum(bottoms[year]))
        rows.append((quarter.key, "ytd", so_far, below))
        if quarter.number == 4:
            rows.append((quarter.key, "year", so_far, below))
    table = []
    for key, basis, top, bottom in rows:
        value = (
            None if top is None else top if bottom is None else None if bottom == 0 else scale * top / bottom
        )
        symbol = "x" if top is None else "z" if bottom == 0 else None
        table.append((AUTHORITY, key, basis, kpi_id, *where, top, bottom, value, symbol))
    return pd.DataFrame(table, columns=COLUMNS).astype(DTYPES)


def monthly(kpi_id, tops, bottoms=None, *, last="2019-12", breakdown=None):
    """Months of one KPI, the last of them `last`."""
    months = pd.period_range(end=last, periods=len(tops), freq="M").astype("str")
    where = breakdown or ("total", "all")
    below = bottoms or [None] * len(tops)
    table = [
        (AUTHORITY, month, "month", kpi_id, *where, top, bottom, None, "x" if top is None else None)
        for month, top, bottom in zip(months, tops, below, strict=True)
    ]
    return pd.DataFrame(table, columns=["authority_code", "month", *COLUMNS[2:]]).astype(DTYPES)
