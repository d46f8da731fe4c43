"""Categories in words: the labels, groups and order of every breakdown that figures are split by."""

from __future__ import annotations

import pandas as pd

from cf_pipeline.contracts.code_labels import code_labels
from cf_pipeline.contracts.codes import code_sets, codes_of
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.kpi.definitions.registry import load_registry
from cf_pipeline.kpi.definitions.sides import AT_END, Band
from cf_pipeline.kpi.measure.distribution_bands import number_bands

_TOTAL = {"all": "All"}
_DURATIONS = {
    "<=3m": "3 months or less",
    ">3-6m": "Over 3 months to 6 months",
    ">6m-<1y": "Over 6 months to under 1 year",
    "1-<2y": "1 year to under 2 years",
    "2y+": "2 years or more",
}
_AGES = {
    "unborn": "Unborn",
    "<1": "Under 1",
    "1-4": "1 to 4",
    "5-9": "5 to 9",
    "10-15": "10 to 15",
    "16-17": "16 to 17",
    "18": "18",
    "18+": "18 and over",
    "19-21": "19 to 21",
    "22-25": "22 to 25",
}
_FIXED = {"total": _TOTAL, "age_band": _AGES}
_CODE_SETS = {
    "disability": "disability_flag",
    "has_disability": "disability_flag",
    "category": "cp_category",
    "category_of_abuse": "cp_category",
    "contact_source": "contact_referral_source",
    "referral_source": "contact_referral_source",
    "source": "contact_referral_source",
    "provider": "placement_provider",
    "location": "placement_location",
    "uasc": "yes_no/uasc",
    "uasc_last_12m": "yes_no/uasc",
    "uasc_or_former": "yes_no/uasc",
    "category_of_need": "primary_need",
    "cla_end_reason": "lac_ceased_reason",
    "decision_reversed_reason": "adoption_reversal_reason",
}
"""Breakdowns whose code set has another name than they have."""
_UNKNOWN, _NOT_KNOWN = "unknown", "Not known"


def dim_category(splits: pd.DataFrame) -> pd.DataFrame:
    """The rows of `dim_category` for the breakdowns in use.

    Args:
        splits: distinct breakdown and category of the facts. Every category of a known breakdown is
            there, met or not; a category no code set knows (a team) is its own label, after the others.
    """
    rows = []
    for breakdown, categories in splits.groupby("breakdown")["category"]:
        known = _known(str(breakdown))
        unknown = {name: (name, None) for name in sorted(set(categories) - set(known) - {_UNKNOWN})}
        last = {_UNKNOWN: (_NOT_KNOWN, None)} if _UNKNOWN in set(categories) else {}
        labels = known | unknown | last
        rows += [
            {"breakdown": breakdown, "category": name, "label": label, "group": group, "position": position}
            for position, (name, (label, group)) in enumerate(labels.items(), start=1)
        ]
    return pd.DataFrame(rows, columns=["breakdown", "category", "label", "group", "position"], dtype=object)


def _known(breakdown: str) -> dict[str, tuple[str, str | None]]:
    if breakdown in _FIXED:
        return {name: (label, None) for name, label in _FIXED[breakdown].items()}
    if breakdown == "band":
        return _bands()
    return _labels(_code_set(breakdown))


def band_labels(band: Band) -> dict[str, str]:
    """What a reader calls each band of one distribution; a band no code set knows is not among them."""
    return {name: label for name, (label, _) in _bands_of(band).items()} | {_UNKNOWN: _NOT_KNOWN}


def _bands() -> dict[str, tuple[str, str | None]]:
    """The bands of every distribution; where two code sets share a code its label says both."""
    found: dict[str, tuple[str, str | None]] = {name: (label, None) for name, label in _DURATIONS.items()}
    for band in [kpi.band for kpi in load_registry().values() if kpi.band is not None]:
        for name, (label, group) in _bands_of(band).items():
            words, known_group = found.get(name, (label, group))
            both = words if label in (words, *words.split(" / ")) else f"{words} / {label}"
            found[name] = (both, group if group == known_group else None)
    return found


def _bands_of(band: Band) -> dict[str, tuple[str, str | None]]:
    """Label and group of the bands of one distribution."""
    if band.start is not None:
        return {name: (label, None) for name, label in _DURATIONS.items()}
    if band.number is not None:
        names = number_bands(band.upper, band.lowest)
        return {name: (name.replace("-", " to ").replace("+", " or more"), None) for name in names}
    return _labels(_code_set(str(band.codes).removeprefix(AT_END)))


def _code_set(breakdown: str) -> str:
    """The code set of a breakdown: its own name's, or that of the delivered column it is called after."""
    if breakdown in _CODE_SETS or breakdown in code_sets():
        return _CODE_SETS.get(breakdown, breakdown)
    columns = (column for contract in list_contracts().values() for column in contract.columns)
    return next((one.code_set for one in columns if one.name == breakdown and one.code_set), breakdown)


def _labels(code_set: str) -> dict[str, tuple[str, str | None]]:
    """Label and group of each code; none when it is no code set."""
    if code_set not in code_sets():
        return {}
    labels = code_labels(code_set)
    return {code.code: (labels[code.code], code.group or None) for code in codes_of(code_set)}
