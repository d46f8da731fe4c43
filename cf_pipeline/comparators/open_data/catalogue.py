"""The catalogue of published files: data sets, the spellings of their columns and words, and their series.

`data/datasets.toml` has the data sets, `data/series.csv` one row a series, category and data set.
"""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources
from typing import Any

from cf_pipeline.errors import PlainError

OPEN_DATA, LONG, NEIGHBOURS = "open_data", "long", "neighbours"
LAYOUTS = (OPEN_DATA, LONG, NEIGHBOURS)
_SEPARATORS = re.compile(r"[^a-z0-9%]+")


class OpenDataError(PlainError):
    """datasets.toml and series.csv contradict each other; the message is one plain sentence."""


@dataclass(frozen=True)
class Dataset:
    """One published table.

    layout: in which columns place and year are, one of LAYOUTS.
    position: in datasets.toml, from 0.
    identifying_columns: roles; a file that has all these columns may be this table.
    optional_columns: roles of columns that are not in every release.
    is_used: whether any figure here is compared with it.
    columns: role -> spellings of its header. words: role -> our word -> spellings in its cells.
    """

    name: str
    layout: str
    title: str
    position: int
    identifying_columns: tuple[str, ...]
    optional_columns: tuple[str, ...]
    is_used: bool
    columns: Mapping[str, tuple[str, ...]]
    words: Mapping[str, Mapping[str, tuple[str, ...]]]

    def find_header(self, role: str, headers: Mapping[str, str]) -> str | None:
        """The file's header of a role, by the first spelling that the file has; None without one.

        Args:
            role: of the column.
            headers: normalised header -> the header as written.
        """
        names = (normalise_header(spelling) for spelling in self.columns.get(role, (role,)))
        return next((headers[name] for name in names if name in headers), None)

    @property
    def words_for_people(self) -> str:
        """What the table is called in a sentence."""
        return self.title or self.name.replace("_", " ")

    def spelling(self, role: str) -> str:
        """How the newest release spells the header of a role."""
        return self.columns.get(role, (role,))[0]

    def spellings(self, role: str, word: str) -> tuple[str, ...]:
        """The normalised spellings of a word of a role; a word without an entry is its own spelling."""
        return tuple(normalise_text(spelling) for spelling in self.words.get(role, {}).get(word, (word,)))


@dataclass(frozen=True)
class Publication:
    """The publication of a series: its title, and the month and day on which its years end."""

    title: str
    year_ends: tuple[int, int]


@dataclass(frozen=True)
class Series:
    """One series of a data set.

    measure: role of the column that holds it. per: role of the column it is a percentage of, or ''.
    where: role and word that a row must have. publication: its key in datasets.toml.
    decimals: the decimal places it is published with.
    """

    kpi_id: str
    category: str
    dataset: str
    measure: str
    per: str
    where: tuple[tuple[str, str], ...]
    publication: str
    decimals: int


@dataclass(frozen=True)
class Catalogue:
    """Every data set by name, their series, and the publications, place aliases and symbols of all."""

    datasets: Mapping[str, Dataset]
    series: tuple[Series, ...]
    publications: Mapping[str, Publication]
    places: Mapping[str, str]
    symbols: Mapping[str, str]

    def series_of(self, dataset: str) -> list[Series]:
        """The series of a data set, in the order of series.csv."""
        return [series for series in self.series if series.dataset == dataset]

    @cached_property
    def decimals(self) -> dict[str, int]:
        """The decimal places each series is published with, by its name."""
        return {series.kpi_id: series.decimals for series in self.series}

    @cached_property
    def year_ends(self) -> dict[str, tuple[int, int]]:
        """Month and day on which the years of each series end, by its name."""
        return {series.kpi_id: self.publications[series.publication].year_ends for series in self.series}


def normalise_header(header: str) -> str:
    """A header in lower case with '_' for blanks and marks: 'Short Desc' becomes 'short_desc'."""
    return _SEPARATORS.sub("_", header.strip().lower()).strip("_")


def normalise_text(text: str) -> str:
    """A text in lower case with single blanks."""
    return " ".join(text.lower().split())


@cache
def catalogue() -> Catalogue:
    """The catalogue that ships with the package; raises as `build_catalogue`."""
    folder = resources.files("cf_pipeline.comparators.open_data") / "data"
    document = tomllib.loads((folder / "datasets.toml").read_text(encoding="utf-8"))
    with (folder / "series.csv").open(encoding="utf-8") as lines:
        return build_catalogue(document, list(csv.DictReader(lines)))


def build_catalogue(document: Mapping[str, Any], rows: Iterable[Mapping[str, str]]) -> Catalogue:
    """The catalogue of a parsed datasets.toml and the rows of series.csv.

    Raises:
        OpenDataError: a series names a data set, publication or word that does not exist, or occurs twice.
    """
    datasets = {
        name: _dataset(name, position, entry)
        for position, (name, entry) in enumerate(document["dataset"].items())
    }
    publications = {name: _publication(entry) for name, entry in document["publications"].items()}
    series = tuple(_series(row, datasets, publications) for row in rows)
    keys = [(entry.kpi_id, entry.category, entry.dataset) for entry in series]
    if repeated := next((key for key in keys if keys.count(key) > 1), None):
        raise OpenDataError(f"series.csv: {' '.join(repeated)} occurs twice")
    return Catalogue(datasets, series, publications, document["places"], document["symbols"])


def _dataset(name: str, position: int, entry: Mapping[str, Any]) -> Dataset:
    if entry["layout"] not in LAYOUTS:
        raise OpenDataError(f"datasets.toml: layout of {name} is not one of {', '.join(LAYOUTS)}")
    return Dataset(
        name=name,
        layout=entry["layout"],
        title=entry.get("title", ""),
        position=position,
        identifying_columns=tuple(entry["identifying_columns"]),
        optional_columns=tuple(entry.get("optional_columns", ())),
        is_used=entry.get("is_used", True),
        columns=_tuples(entry.get("columns", {})),
        words={role: _tuples(words) for role, words in entry.get("words", {}).items()},
    )


def _publication(entry: Mapping[str, str]) -> Publication:
    month, day = (int(part) for part in entry["year_ends"].split("-"))
    return Publication(entry["title"], (month, day))


def _series(
    row: Mapping[str, str], datasets: Mapping[str, Dataset], publications: Mapping[str, Publication]
) -> Series:
    where = tuple(_condition(part) for part in row["where"].split(";") if part.strip())
    series = Series(
        kpi_id=row["kpi_id"],
        category=row["category"],
        dataset=row["dataset"],
        measure=row["measure"],
        per=row["per"],
        where=where,
        publication=row["publication"],
        decimals=int(row["decimals"]),
    )
    place = f"series.csv: {series.kpi_id} {series.category}"
    if series.dataset not in datasets:
        raise OpenDataError(f"{place} names a data set that is not in datasets.toml")
    if series.publication not in publications:
        raise OpenDataError(f"{place} names a publication that is not in datasets.toml")
    for role, word in where:
        known = datasets[series.dataset].words.get(role)
        if known is not None and word not in known:
            raise OpenDataError(f"{place}: data set {series.dataset} has no spelling of {role} {word}")
    return series


def _condition(text: str) -> tuple[str, str]:
    role, _, word = text.partition("=")
    return role.strip(), word.strip()


def _tuples(entry: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(spellings) for name, spellings in entry.items()}
