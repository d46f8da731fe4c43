"""The table of categories: label, group and order of the categories of every breakdown."""

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
"""The code set of a breakdown that has another name than its code set."""
_UNKNOWN, _NOT_KNOWN = "unknown", "Not known"
Labels = dict[str, tuple[str, str | None]]
"""Label and group of each category, in the order to show them."""


def dim_category(figure_categories: pd.DataFrame) -> pd.DataFrame:
    """The rows of `dim_category` for the breakdowns of the facts.

    Args:
        figure_categories: each breakdown and category of the facts, once. Every category of a known breakdown
            gets a row, whether a figure has it or not; a category that no code set has (a team) is its own
            label, after the others.
    """
    rows = []
    for breakdown, categories in figure_categories.groupby("breakdown")["category"]:
        known = _labels_of_breakdown(str(breakdown))
        others = {name: (name, None) for name in sorted(set(categories) - set(known) - {_UNKNOWN})}
        unknown = {_UNKNOWN: (_NOT_KNOWN, None)} if _UNKNOWN in set(categories) else {}
        labels = known | others | unknown
        rows += [
            {"breakdown": breakdown, "category": name, "label": label, "group": group, "position": position}
            for position, (name, (label, group)) in enumerate(labels.items(), start=1)
        ]
    return pd.DataFrame(rows, columns=["breakdown", "category", "label", "group", "position"], dtype=object)


def band_labels(band: Band) -> dict[str, str]:
    """The label of each band of one distribution; a band that no code set has is left out."""
    return {name: label for name, (label, _) in _labels_of_band(band).items()} | {_UNKNOWN: _NOT_KNOWN}


def _labels_of_breakdown(breakdown: str) -> Labels:
    if breakdown in _FIXED:
        return {name: (label, None) for name, label in _FIXED[breakdown].items()}
    if breakdown == "band":
        return _labels_of_bands()
    return _labels_of_codes(_code_set(breakdown))


def _labels_of_bands() -> Labels:
    """The bands of all distributions; a code of two code sets gets both labels, joined by '/'."""
    found: Labels = {name: (label, None) for name, label in _DURATIONS.items()}
    for band in [kpi.band for kpi in load_registry().values() if kpi.band is not None]:
        for name, (label, group) in _labels_of_band(band).items():
            known_label, known_group = found.get(name, (label, group))
            is_known = label in (known_label, *known_label.split(" / "))
            joined = known_label if is_known else f"{known_label} / {label}"
            found[name] = (joined, group if group == known_group else None)
    return found


def _labels_of_band(band: Band) -> Labels:
    """The bands of one distribution: of durations, of numbers or of codes."""
    if band.start is not None:
        return {name: (label, None) for name, label in _DURATIONS.items()}
    if band.number is not None:
        names = number_bands(band.upper, band.lowest)
        return {name: (name.replace("-", " to ").replace("+", " or more"), None) for name in names}
    return _labels_of_codes(_code_set(str(band.codes).removeprefix(AT_END)))


def _code_set(breakdown: str) -> str:
    """The code set of a breakdown: the one of its own name, or that of the list column of its name."""
    if breakdown in _CODE_SETS or breakdown in code_sets():
        return _CODE_SETS.get(breakdown, breakdown)
    columns = (column for contract in list_contracts().values() for column in contract.columns)
    code_sets_of_name = (column.code_set for column in columns if column.name == breakdown)
    return next((code_set for code_set in code_sets_of_name if code_set), breakdown)


def _labels_of_codes(code_set: str) -> Labels:
    """The codes of a set; none when there is no such set."""
    if code_set not in code_sets():
        return {}
    labels = code_labels(code_set)
    return {code.code: (labels[code.code], code.group or None) for code in codes_of(code_set)}
