"""The places of issues in words: list, file, sheet and the first Excel rows, never a cell's value."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from cf_pipeline.quality.text_groups import join_texts
from cf_pipeline.quality.trend import row_counts

FIRST_ROWS = 3
_SHEET = ["list", "file", "sheet"]


def issue_places(issues: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """The sheets on which issues are, and their first rows.

    Args:
        issues: one row an issue.
        by: the columns that group the issues, such as severity and rule.

    Returns:
        One row for each group and sheet: the columns of `by`, list, file, sheet, where. `where` is "row 12"
        or "rows 12, 40, 77 and 210 more". Where no issue names a row it is "the whole sheet", or the number
        of rows that the issues count for.
    """
    keys = list(dict.fromkeys([*by, *_SHEET]))
    filled = issues[[*keys, "excel_row"]].assign(**{name: issues[name].fillna("") for name in keys})
    rows_without_number = row_counts(issues).mask(issues["excel_row"].notna(), 0)
    whole = rows_without_number.groupby([filled[key] for key in keys]).sum()
    rows = filled.drop_duplicates().sort_values([*keys, "excel_row"])
    groups = rows.groupby(keys)["excel_row"]
    sizes = groups.count().rename("number")
    first = rows[rows["excel_row"].notna() & (rows.groupby(keys).cumcount() < FIRST_ROWS)]
    texts = join_texts(first["excel_row"].astype("str"), [first[key] for key in keys], ", ")
    places = pd.DataFrame(sizes).join(texts.rename("rows")).join(whole.rename("whole")).reset_index()
    where = ("row " + places["rows"]).mask(places["number"].gt(1), "rows " + places["rows"])
    more = (places["number"] - FIRST_ROWS).map(" and {:,} more".format).astype("str")
    where = where.mask(places["number"].gt(FIRST_ROWS), where + more)
    without_number = places["whole"].map("{:,} rows".format).astype("str")
    without_number = without_number.mask(places["whole"].le(1), "the whole sheet")
    return places[keys].assign(where=where.mask(places["number"].eq(0), without_number).astype("str"))


def describe_places(places: pd.DataFrame) -> pd.Series[str]:
    """Each row of `issue_places` as text: "contacts, annex_a.xlsx, sheet 'List 1', rows 12, 40"."""
    sheet = (", sheet '" + places["sheet"] + "'").mask(places["sheet"].eq(""), "")
    start = (places["list"].str.replace("_", " ") + ", ").mask(places["list"].eq(""), "")
    return (start + places["file"] + sheet + ", " + places["where"]).astype("str")
