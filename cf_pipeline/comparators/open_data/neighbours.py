"""Reads the department's table of statistical neighbours: a row an authority, with its ten neighbours."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from cf_pipeline.comparators.open_data.catalogue import normalise_text
from cf_pipeline.comparators.open_data.table import UnknownShapeError
from cf_pipeline.contracts.authorities import authorities
from cf_pipeline.contracts.authority_names import find_authorities
from cf_pipeline.contracts.tables import table_contract

NEIGHBOURS = table_contract("reference/neighbours")
NEIGHBOURS_EACH = 10
CLOSENESS = ("Extremely close", "Very close", "Close", "Somewhat close", "Not close")


def read_neighbours(table: pd.DataFrame, headers: Mapping[str, str], file: str) -> pd.DataFrame:
    """The neighbours (NEIGHBOURS) of each authority that the table has.

    Args:
        table: every cell as text.
        headers: normalised header -> the table's own; `sn_1` to `sn_10` have the neighbour's number or name,
            `sn_1p` to `sn_10p` how close it is.
        file: that is kept with each row.

    Raises:
        UnknownShapeError: a column is missing, or a cell is no authority or no word for closeness.
    """
    ranks = range(1, NEIGHBOURS_EACH + 1)
    lacking = [name for rank in ranks for name in (f"sn_{rank}", f"sn_{rank}p") if name not in headers]
    if lacking:
        raise UnknownShapeError(
            f"it is a table of statistical neighbours without the column {', '.join(lacking).upper()}; "
            "download it again, or take it out"
        )
    own = table[headers["old_la_code"]].map(_code)
    parts = [
        pd.DataFrame(
            {
                "authority_code": own,
                "rank": rank,
                "neighbour_code": table[headers[f"sn_{rank}"]].map(_code),
                "closeness": table[headers[f"sn_{rank}p"]].map(_closeness),
            }
        )
        for rank in ranks
    ]
    rows = pd.concat(parts, ignore_index=True).assign(file=file)
    unread = rows[["authority_code", "neighbour_code", "closeness"]].isna().any(axis=1)
    if rows.empty or unread.any() or rows.duplicated(NEIGHBOURS.key).any():
        raise UnknownShapeError(
            f"{int(unread.sum())} neighbours in it are no authority of today, or their closeness is not one "
            f"of {', '.join(CLOSENESS)}, or an authority stands in it twice; download it again, or "
            "take it out"
        )
    return NEIGHBOURS.cast(rows).sort_values(NEIGHBOURS.key, ignore_index=True)


def _code(text: str) -> str | None:
    slug = find_authorities(text).slug
    return authorities()[slug].authority_code if slug in authorities() else None


def _closeness(text: str) -> str | None:
    words = {normalise_text(word): word for word in CLOSENESS}
    return words.get(normalise_text(text).replace("-", " "))
