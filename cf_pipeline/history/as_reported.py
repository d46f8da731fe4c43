"""The history as it was reported at a date: what the deliveries up to it said, and no later one.

Nothing is kept of an earlier merge. Leaving the later deliveries out and merging again gives what was known
then, to the last digit, because a merge rests on deliveries alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Supplied:
    """What a merge rests on: cleaned rows by list, quarantined rows, and what was received."""

    clean: dict[str, pd.DataFrame]
    quarantine: pd.DataFrame
    manifest: pd.DataFrame

    def as_reported(self, at: pd.Timestamp) -> Supplied:
        """The part that deliveries with an as-at date up to and including `at` supplied."""
        return Supplied(
            {name: _until(rows, at) for name, rows in self.clean.items()},
            _until(self.quarantine, at),
            _until(self.manifest, at),
        )


def _until(rows: pd.DataFrame, at: pd.Timestamp) -> pd.DataFrame:
    return rows[rows["as_at"] <= at].reset_index(drop=True)
