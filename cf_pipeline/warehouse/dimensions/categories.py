"""The table of categories: label, group and order of the categories of every breakdown, by their set."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import pandas as pd

from cf_pipeline.contracts.code_labels import code_labels
from cf_pipeline.contracts.codes import code_sets, codes_of
from cf_pipeline.contracts.list_contract import OTHER_TEXTS
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.kpi.definitions.category_sets import BAND, DURATION, band_code_set, breakdown_code_sets
from cf_pipeline.kpi.definitions.registry import Kpi
from cf_pipeline.kpi.measure.categories.distribution_bands import number_bands
from cf_pipeline.warehouse.dimensions.fact_columns import code_sets_of_bands

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
_FIXED = {"total": _TOTAL, "age_band": _AGES, DURATION: _DURATIONS}
_UNKNOWN, _NOT_KNOWN = "unknown", "Not known"
_RARE = "Other (too few records to be named)"
COLUMNS = ["category_key", "breakdown", "code_set", "category", "label", "group", "position"]
Labels = dict[str, tuple[str, str | None]]
"""Label and group of each category, in the order to show them."""


def dim_category(figure_categories: pd.DataFrame, registry: Mapping[str, Kpi]) -> pd.DataFrame:
    """The rows of `dim_category` for the breakdowns of the facts.

    Args:
        figure_categories: each KPI, breakdown and category of the facts, once. Every category of a known set
            gets a row, whether a figure has it or not; a category that its set does not have (a team) is its
            own label, after the others.
        registry: the KPIs by id.
    """
    rows = []
    numbers = _labels_of_numbers(registry)
    code_set = _category_sets(figure_categories, registry)
    for (breakdown, name), categories in figure_categories.groupby(
        [figure_categories["breakdown"], code_set.rename("code_set")]
    )["category"]:
        known = numbers.get(str(name)) or _labels_of_set(str(name))
        others = sorted(set(categories) - {*known, OTHER_TEXTS, _UNKNOWN}, key=_by_number)
        unknown = {_UNKNOWN: (_NOT_KNOWN, None)} if _UNKNOWN in set(categories) else {}
        rare = {OTHER_TEXTS: (_RARE, None)} if OTHER_TEXTS in set(categories) else {}
        labels = known | {other: (other, None) for other in others} | rare | unknown
        rows += [
            (_key(str(breakdown), str(name), category), breakdown, name, category, label, group, position)
            for position, (category, (label, group)) in enumerate(labels.items(), start=1)
        ]
    return pd.DataFrame(rows, columns=COLUMNS, dtype=object)


def _key(breakdown: str, code_set: str, category: str) -> str:
    return f"{breakdown}:{code_set}:{category}" if breakdown == BAND else f"{breakdown}:{category}"


def band_labels(kpi: Kpi) -> dict[str, str]:
    """The label of each band of one distribution; a band that no code set has is left out."""
    name = band_code_set(kpi)
    if name is None:
        return {}
    labels = _labels_of_numbers({kpi.id: kpi}).get(name) or _labels_of_set(name)
    words = {category: label for category, (label, _) in labels.items()}
    return words | {OTHER_TEXTS: _RARE, _UNKNOWN: _NOT_KNOWN}


def _category_sets(figure_categories: pd.DataFrame, registry: Mapping[str, Kpi]) -> pd.Series[str]:
    """The set of each row: that of the KPI's bands, or that of the breakdown."""
    by_breakdown = breakdown_code_sets(registry)
    of_breakdown = figure_categories["breakdown"].map(lambda name: by_breakdown.get(name, name))
    is_band = figure_categories["breakdown"].eq(BAND)
    return of_breakdown.mask(is_band, code_sets_of_bands(figure_categories["kpi_id"], registry)).astype("str")


def _labels_of_numbers(registry: Mapping[str, Kpi]) -> dict[str, Labels]:
    """The bands of numbers by their set, from the lowest to the highest."""
    bands = [kpi.band for kpi in registry.values() if kpi.band is not None and kpi.band.number is not None]
    return {
        str(band.number): {
            name: (name.replace("-", " to ").replace("+", " or more"), None)
            for name in number_bands(band.upper, band.lowest)
        }
        for band in bands
    }


def _labels_of_set(name: str) -> Labels:
    """The categories of a set in their order; none when they are texts."""
    if name in _FIXED:
        return {category: (label, None) for category, label in _FIXED[name].items()}
    if name == "list":
        return {contract.name: (contract.title, None) for contract in list_contracts().values()}
    if name not in code_sets():
        return {}
    labels = code_labels(name)
    return {code.code: (labels[code.code], code.group or None) for code in codes_of(name)}


def _by_number(text: str) -> tuple[tuple[int, int | str], ...]:
    """A key that sorts 'Team 2' before 'Team 10'."""
    parts: Iterable[str] = re.findall(r"\d+|\D+", text.casefold())
    return tuple((0, int(part)) if part.isdigit() else (1, part) for part in parts)
