"""The approved lists of `pipeline.toml`: KPIs whose totals a committee's paper may show whatever their size.

[[approvals]]
kpis = ["s47_count", "icpc_count"]
reason = "in every committee paper since 2019"
who = "director of children's services"
when = 2019-09-01
authority = "city-of-london"
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from cf_pipeline.contracts.authorities import authorities
from cf_pipeline.disclosure.policy import Approval, DisclosureError, check_approvals
from cf_pipeline.kpi.definitions.registry import load_registry

APPROVALS = "approvals"
_ENTRIES: Mapping[str, type] = {"kpis": list, "reason": str, "who": str, "when": dt.date, "authority": str}


def read_approvals(entries: Any) -> dict[str, tuple[Approval, ...]]:
    """The approved list of each authority, by its code.

    Args:
        entries: the setting `approvals`.

    Raises:
        DisclosureError: an entry is wrong or missing, names no KPI or no authority, or a KPI twice.
    """
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise DisclosureError(f"Setting {APPROVALS}: write each one under [[{APPROVALS}]] in pipeline.toml.")
    found: dict[str, list[Approval]] = {}
    for entry in entries:
        wrong = sorted(set(entry) - set(_ENTRIES)) or [
            name for name, kind in _ENTRIES.items() if type(entry.get(name)) is not kind
        ]
        if wrong:
            raise DisclosureError(
                f"Setting {APPROVALS}: {wrong[0]} is wrong or missing; each has kpis (a list), reason, who, "
                "when (a date as 2019-09-01) and authority."
            )
        place = authorities().get(entry["authority"])
        if place is None:
            raise DisclosureError(
                f"Setting {APPROVALS}: {entry['authority']!r} is no authority's folder name."
            )
        found.setdefault(place.authority_code, []).extend(
            Approval(str(kpi), entry["reason"], entry["who"], entry["when"]) for kpi in entry["kpis"]
        )
    for approvals in found.values():
        check_approvals(approvals, load_registry())
    return {code: tuple(approvals) for code, approvals in found.items()}
