"""Which columns of a published table a file lacks, and how that is told."""

from __future__ import annotations

from collections.abc import Mapping

from cf_pipeline.comparators.open_data.catalogue import OPEN_DATA, Catalogue, Dataset
from cf_pipeline.comparators.open_data.places import MANDATORY_COLUMNS

_WHAT_TO_DO = "take it out, or add the spelling of its columns to datasets.toml as docs/comparators.md says"


def missing_columns(dataset: Dataset, headers: Mapping[str, str]) -> list[str]:
    """The columns by which a data set is known that a file lacks, as the newest release spells them.

    Args:
        dataset: that the file may be.
        headers: normalised header -> the header as written.
    """
    return [
        dataset.spelling(role)
        for role in (*_mandatory(dataset), *dataset.identifying_columns)
        if dataset.find_header(role, headers) is None
    ]


def unknown_columns(catalogue: Catalogue, headers: Mapping[str, str]) -> str:
    """Why a file is no known table: the table it is nearest to, and the columns of it that it lacks."""
    sentence = "its columns are of no published table that is known here"
    shares = {name: _share_found(dataset, headers) for name, dataset in catalogue.datasets.items()}
    nearest = catalogue.datasets[max(shares, key=lambda name: shares[name])]
    if not shares[nearest.name]:
        return f"{sentence}; {_WHAT_TO_DO}"
    lacking = ", ".join(missing_columns(nearest, headers))
    return f"{sentence}: nearest is {nearest.words_for_people}, without the column {lacking}; {_WHAT_TO_DO}"


def _share_found(dataset: Dataset, headers: Mapping[str, str]) -> float:
    """How many of the columns by which a data set is known a file has, of 1; 0 when it has none."""
    found = [dataset.find_header(role, headers) is not None for role in dataset.identifying_columns]
    return sum(found) / len(found)


def _mandatory(dataset: Dataset) -> tuple[str, ...]:
    return MANDATORY_COLUMNS if dataset.layout == OPEN_DATA else ()
