"""Where issues are, in words: sheets and the first Excel rows, never a cell's value."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from cf_pipeline.quality.trend import row_counts

FIRST_ROWS = 3
_SHEET = ["list", "file", "sheet"]


def issue_places(issues: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """One row for each group of issues and sheet: the columns of `by`, list, file, sheet, where.

    `where` is "row 12", "rows 12, 40, 77 and 210 more"; where no row is named "the whole sheet", or how many
    rows the issue stands for.
    """
    keys = list(dict.fromkeys([*by, *_SHEET]))
    named = issues[[*keys, "excel_row"]].assign(**{name: issues[name].fillna("") for name in keys})
    whole = (
        row_counts(issues).mask(issues["excel_row"].notna(), 0).groupby([named[key] for key in keys]).sum()
    )
    rows = named.drop_duplicates().sort_values([*keys, "excel_row"])
    groups = rows.groupby(keys)["excel_row"]
    sizes = groups.count().rename("number")
    first = rows[rows["excel_row"].notna() & (rows.groupby(keys).cumcount() < FIRST_ROWS)]
    texts = first["excel_row"].astype("str").groupby([first[key] for key in keys]).agg(", ".join)
    found = pd.DataFrame(sizes).join(texts.rename("rows")).join(whole.rename("whole")).reset_index()
    where = ("row " + found["rows"]).mask(found["number"].gt(1), "rows " + found["rows"])
    more = (found["number"] - FIRST_ROWS).map(" and {:,} more".format).astype("str")
    where = where.mask(found["number"].gt(FIRST_ROWS), where + more)
    all_of_it = (
        found["whole"].map("{:,} rows".format).astype("str").mask(found["whole"].le(1), "the whole sheet")
    )
    return found[keys].assign(where=where.mask(found["number"].eq(0), all_of_it).astype("str"))


def describe_places(found: pd.DataFrame) -> pd.Series[str]:
    """A place of `places` in one line: "contacts, annex_a.xlsx, sheet 'List 1', rows 12, 40"."""
    sheet = (", sheet '" + found["sheet"] + "'").mask(found["sheet"].eq(""), "")
    start = (found["list"].str.replace("_", " ") + ", ").mask(found["list"].eq(""), "")
    return (start + found["file"] + sheet + ", " + found["where"]).astype("str")
