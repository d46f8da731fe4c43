"""Deliveries of a few rows, for tests of the way and not of the figures."""

from __future__ import annotations

from pathlib import Path

HEADERS = (
    "Child Unique ID,Gender,Ethnicity,Date of Birth,Age of Child (Years),Date of Contact,Contact Source\n"
)
ROWS = (
    "{prefix}1,M,WBRI,2010-05-01,9,2019-10-02,1A\n",
    "{prefix}2,F,WBRI,2012-03-05,7,2019-11-20,1A\n",
    "{prefix}3,F,ABAN,2008-12-31,10,2019-12-30,2B\n",
)


def deliver(raw: Path, authority: str, as_at: str = "2019-12-31", rows: int = 3, prefix: str = "") -> Path:
    """Put a contacts file of `rows` rows into a delivery folder; returns the file."""
    folder = raw / authority / as_at
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "contacts.csv"
    lines = [row.format(prefix=prefix or authority[0]) for row in ROWS[:rows]]
    file.write_text(HEADERS + "".join(lines))
    return file


def deliver_damaged(raw: Path, authority: str, as_at: str) -> Path:
    """Put a file that cannot be opened into a delivery folder; returns the file."""
    folder = raw / authority / as_at
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "annex_a.xlsx"
    file.write_bytes(b"PK\x03\x04 half a workbook")
    return file
