"""What published files hold: data sets, their spellings, and the series that stand in each.

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

OPEN_DATA, LONG = "open_data", "long"
LAYOUTS = (OPEN_DATA, LONG)
_APART = re.compile(r"[^a-z0-9%]+")


class OpenDataError(PlainError):
    """The lists of data sets and series do not fit together; the message is one plain sentence."""


@dataclass(frozen=True)
class Dataset:
    """One published table: `columns` role -> spellings; `words` role -> our word -> spellings.

    A file with all columns of `known_by` may be this table. `layout` says where place and year stand.
    """

    name: str
    layout: str
    title: str
    position: int
    known_by: tuple[str, ...]
    columns: Mapping[str, tuple[str, ...]]
    words: Mapping[str, Mapping[str, tuple[str, ...]]]

    def column(self, role: str, headers: Mapping[str, str]) -> str | None:
        """The own header of a role: the first spelling that is there. `headers`: plain -> as written."""
        found = (plain(spelling) for spelling in self.columns.get(role, (role,)))
        return next((headers[name] for name in found if name in headers), None)

    def spellings(self, role: str, word: str) -> tuple[str, ...]:
        """How a word of a role is spelled in files; a word without an entry is spelled as it is."""
        return tuple(folded(spelling) for spelling in self.words.get(role, {}).get(word, (word,)))


@dataclass(frozen=True)
class Publication:
    """What a series is quoted from: its title, and month and day on which its years end."""

    title: str
    year_ends: tuple[int, int]


@dataclass(frozen=True)
class Series:
    """One series of a data set: which column, of which rows; `per`: as a percentage of that column.

    `decimals`: the decimal places it is published with. `publication`: what it is quoted from.
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
    """Every data set by name, the series of each, and the words that belong to all of them."""

    datasets: Mapping[str, Dataset]
    series: tuple[Series, ...]
    publications: Mapping[str, Publication]
    places: Mapping[str, str]
    symbols: Mapping[str, str]

    def of(self, dataset: str) -> list[Series]:
        """The series of a data set, in the order of the file."""
        return [each for each in self.series if each.dataset == dataset]

    @cached_property
    def decimals(self) -> dict[str, int]:
        """The decimal places each series is published with, by its name."""
        return {each.kpi_id: each.decimals for each in self.series}

    @cached_property
    def year_ends(self) -> dict[str, tuple[int, int]]:
        """Month and day on which the years of each series end, by its name."""
        return {each.kpi_id: self.publications[each.publication].year_ends for each in self.series}


def plain(header: str) -> str:
    """A header without capitals, blanks and marks: 'Short Desc' and 'short_desc' are the same."""
    return _APART.sub("_", header.strip().lower()).strip("_")


def folded(words: str) -> str:
    """Words without capitals and double blanks."""
    return " ".join(words.lower().split())


@cache
def catalogue() -> Catalogue:
    """The data sets and series that ship with the package; OpenDataError as `build_catalogue`."""
    folder = resources.files("cf_pipeline.comparators.open_data") / "data"
    document = tomllib.loads((folder / "datasets.toml").read_text(encoding="utf-8"))
    with (folder / "series.csv").open(encoding="utf-8") as lines:
        return build_catalogue(document, list(csv.DictReader(lines)))


def build_catalogue(document: Mapping[str, Any], rows: Iterable[Mapping[str, str]]) -> Catalogue:
    """The catalogue of a parsed datasets.toml and the rows of series.csv.

    Raises:
        OpenDataError: a series names a data set, publication or word that does not exist, or stands twice.
    """
    datasets = {
        name: _dataset(name, position, entry)
        for position, (name, entry) in enumerate(document["dataset"].items())
    }
    publications = {name: _publication(entry) for name, entry in document["publications"].items()}
    series = tuple(_series(row, datasets, publications) for row in rows)
    keys = [(each.kpi_id, each.category, each.dataset) for each in series]
    if repeated := next((key for key in keys if keys.count(key) > 1), None):
        raise OpenDataError(f"series.csv: {' '.join(repeated)} stands there twice")
    return Catalogue(datasets, series, publications, document["places"], document["symbols"])


def _dataset(name: str, position: int, entry: Mapping[str, Any]) -> Dataset:
    if entry["layout"] not in LAYOUTS:
        raise OpenDataError(f"datasets.toml: layout of {name} is not one of {', '.join(LAYOUTS)}")
    return Dataset(
        name=name,
        layout=entry["layout"],
        title=entry.get("title", ""),
        position=position,
        known_by=tuple(entry["known_by"]),
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
    named = f"series.csv: {series.kpi_id} {series.category}"
    if series.dataset not in datasets:
        raise OpenDataError(f"{named} names a data set that is not in datasets.toml")
    if series.publication not in publications:
        raise OpenDataError(f"{named} names a publication that is not in datasets.toml")
    for role, word in where:
        known = datasets[series.dataset].words.get(role)
        if known is not None and word not in known:
            raise OpenDataError(f"{named}: data set {series.dataset} has no spelling of {role} {word}")
    return series


def _condition(text: str) -> tuple[str, str]:
    role, _, word = text.partition("=")
    return role.strip(), word.strip()


def _tuples(entry: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(spellings) for name, spellings in entry.items()}
