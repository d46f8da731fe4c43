"""The disclosure policy: what each audience is shown, read from `data/policy.toml`, and its hash.

Belongs here: the policy as data, a council's approved list, and the check of both in plain words. Does not
belong here: applying it (`suppress`), attacking its result (`attack`).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import cache
from importlib import resources
from typing import Any

from cf_pipeline.errors import PlainError

NOT_EXACT, FULL_RANGE = "not_exact", "full_range"
PUBLIC, COMMITTEE, INTERNAL = "members_public", "committee", "internal"
HEADLINE_TOTALS = "headline totals"


class DisclosureError(PlainError):
    """The policy, or a publication under it, is not safe: one plain sentence, and nothing is published."""


@dataclass(frozen=True)
class Approval:
    """A KPI whose totals a council lets its committee paper show at 1 to 5: why, who decided, and when."""

    kpi: str
    reason: str
    approved_by: str
    approved_on: dt.date | None


@dataclass(frozen=True)
class AudiencePolicy:
    """What one audience is shown.

    Counts of 1 to `threshold` are hidden, in every breakdown; 0 hides nothing. `goal` is 'not_exact' (no
    hidden small count can be worked out) or 'full_range' (nor narrowed inside 1 to threshold + 1), and
    `sensitive_goal` that of KPIs flagged sensitive. `basis` is the one period a KPI's figures are shown for.
    `approvals` holds the KPIs whose totals may be 1 to `threshold`, where the audience has such a list.
    Where more than `small_authority_share` of a KPI's last `small_authority_quarters` quarters would be
    hidden, the 12-month figure is shown in their place. `note` says in words when the policy in force is not
    the one asked for.
    """

    name: str
    threshold: int
    goal: str = NOT_EXACT
    sensitive_goal: str = FULL_RANGE
    basis: str = "quarter"
    breakdowns: tuple[str, ...] = ("total",)
    approval: str = ""
    approvals: tuple[Approval, ...] = ()
    small_authority_share: float = 1.0
    small_authority_quarters: int = 8
    symbol: str = "c"
    reason: str = ""
    plain_tables: tuple[str, ...] = ()
    computed_tables: tuple[str, ...] = ()
    note: str = ""

    @property
    def approved_kpis(self) -> frozenset[str]:
        """The KPIs whose totals are shown whatever their size."""
        return frozenset(approval.kpi for approval in self.approvals)

    @property
    def policy_hash(self) -> str:
        """SHA-256 of every word of the policy in force, for every output."""
        words = json.dumps(asdict(self), sort_keys=True, default=str)
        return hashlib.sha256(words.encode()).hexdigest()


@dataclass(frozen=True)
class LastRelease:
    """What the last release of an audience was made under: its threshold."""

    threshold: int


@dataclass(frozen=True)
class _Entries:
    """The entries a policy file may have, by the type TOML gives."""

    audience: Mapping[str, type] = field(
        default_factory=lambda: {
            "threshold": int, "goal": str, "sensitive_goal": str, "basis": str, "breakdowns": list,
            "approval": str, "small_authority_share": float, "small_authority_quarters": int,
        }
    )  # fmt: skip
    file: Mapping[str, type] = field(
        default_factory=lambda: {
            "symbol": str, "reason": str, "plain_tables": list, "computed_tables": list, "audience": dict,
        }
    )  # fmt: skip


CHOICES = {
    "goal": (NOT_EXACT, FULL_RANGE),
    "sensitive_goal": (NOT_EXACT, FULL_RANGE),
    "basis": ("quarter", "year"),
    "approval": ("", HEADLINE_TOTALS),
}


@cache
def product_policy() -> dict[str, AudiencePolicy]:
    """The product's own policy, by audience; DisclosureError as `read_policy`."""
    data = resources.files("cf_pipeline.disclosure") / "data" / "policy.toml"
    return read_policy(tomllib.loads(data.read_text(encoding="utf-8")))


def read_policy(document: Mapping[str, Any]) -> dict[str, AudiencePolicy]:
    """The policy of each audience of a document as TOML gives it.

    Raises:
        DisclosureError: an entry is unknown, missing or wrong; the sentence names it.
    """
    entries = _Entries()
    _check_entries("The disclosure policy", document, entries.file)
    shared = {name: _frozen(value) for name, value in document.items() if name != "audience"}
    policies = {}
    for name, audience in document.get("audience", {}).items():
        _check_entries(f"Audience {name} of the disclosure policy", audience, entries.audience)
        if audience.get("threshold", -1) < 0:
            raise DisclosureError(
                f"Audience {name} of the disclosure policy has no threshold; give one, 0 to hide nothing."
            )
        own = {entry: _frozen(value) for entry, value in audience.items()}
        policies[name] = AudiencePolicy(name=name, **own, **shared)
    return policies


def audience_policy(
    policy: AudiencePolicy,
    approvals: Iterable[Approval],
    kpi_ids: Iterable[str],
    last_release: LastRelease | None = None,
    fallback: AudiencePolicy | None = None,
) -> AudiencePolicy:
    """The policy in force for one council and audience.

    Args:
        policy: the product's policy of the audience.
        approvals: the council's own approved list; ignored for an audience that has none.
        kpi_ids: every KPI of the registry.
        last_release: what the audience's last release was made under; None for the first.
        fallback: the public's policy, which is in force where the audience needs an approved list and the
            council has none. Its `note` says so.

    Raises:
        DisclosureError: an approval names an unknown KPI or lacks its reason, its name or its date, a KPI is
            approved twice, or the threshold is lower than the last release's. Nothing may be published then.
    """
    if last_release is not None and policy.threshold < last_release.threshold:
        raise DisclosureError(
            f"The threshold of {policy.name} is {policy.threshold} and the last release's was "
            f"{last_release.threshold}: what that release hid would be shown; raise it again."
        )
    if not policy.approval:
        return policy
    listed = tuple(approvals)
    check_approvals(listed, kpi_ids)
    if listed:
        return replace(policy, approvals=tuple(sorted(listed, key=lambda approval: approval.kpi)))
    if fallback is None:
        return policy
    note = f"No approved list: what {policy.name} is shown is what {fallback.name} is shown."
    return replace(fallback, name=policy.name, note=note)


def check_approvals(approvals: Iterable[Approval], kpi_ids: Iterable[str]) -> None:
    """Raise DisclosureError with one sentence about the first approval that is not whole."""
    known, listed = frozenset(kpi_ids), set[str]()
    for approval in approvals:
        if approval.kpi not in known:
            raise DisclosureError(
                f"The approved list names {approval.kpi}, which is no KPI; correct the name or remove it."
            )
        if approval.kpi in listed:
            raise DisclosureError(f"The approved list names {approval.kpi} twice; remove one.")
        listed.add(approval.kpi)
        for words, entry in (
            ("who approved it", approval.approved_by.strip()),
            ("the day it was approved", approval.approved_on),
            ("the reason", approval.reason.strip()),
        ):
            if not entry:
                raise DisclosureError(f"The approval of {approval.kpi} does not give {words}; add it.")


def _check_entries(owner: str, table: Mapping[str, Any], types: Mapping[str, type]) -> None:
    for name, value in table.items():
        if name not in types:
            raise DisclosureError(f"{owner} has an unknown entry {name}; use one of {', '.join(types)}.")
        if not isinstance(value, types[name]) and not (types[name] is float and value in (0, 1)):
            raise DisclosureError(f"{owner}: {name} must be of type {types[name].__name__}.")
        if name in CHOICES and value not in CHOICES[name]:
            choices = ", ".join(repr(choice) for choice in CHOICES[name])
            raise DisclosureError(f"{owner}: {name} must be one of {choices}.")


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
