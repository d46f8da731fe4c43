"""Where the lake keeps each table: the key of every table, and the path that follows from a key.

A key is two words, a layer and a name; the table's asset in Dagster has the same key. A table of one
authority is `<lake>/<layer>/<name>/<authority>.parquet`, a table of all authorities
`<lake>/<layer>/<name>.parquet`. The lake is a folder or an address such as s3://bucket/lake, so a path here
is one of this machine or of that store.

Belongs here: keys and paths. Does not belong here: opening a file, or what is in a table.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

from cf_pipeline.contracts.authorities import SLUG
from cf_pipeline.errors import PlainError

if TYPE_CHECKING:
    from upath import UPath

TableKey = tuple[str, str]
"""Layer and name of a table."""

SUFFIX = ".parquet"
SET_ASIDE_SUFFIX = ".rejected.parquet"
"""Ending of a table that failed its check; the last one that passed keeps its own file."""

RESULTS = "results"
"""The layer of what is kept between runs. It holds no table: it can be deleted, and is worked out again."""

RAW_DELIVERIES: TableKey = ("raw", "deliveries")
FINDINGS: TableKey = ("ingested", "findings")
UNMATCHED_HEADERS: TableKey = ("ingested", "unmatched_headers")

CLEAN_DELIVERIES: TableKey = ("clean", "deliveries")
HELD_DELIVERIES: TableKey = ("clean", "held")
CLEAN_ISSUES: TableKey = ("clean", "issues")
QUARANTINE: TableKey = ("clean", "quarantine")
UNMATCHED_CODES: TableKey = ("clean", "to_decide")

CORE_DELIVERIES: TableKey = ("core", "deliveries")
CORE_ISSUES: TableKey = ("core", "issues")
ISSUES_BY_CHILD: TableKey = ("core", "issue_people")
ROW_LEDGER: TableKey = ("core", "row_ledger")
PERSON: TableKey = ("core", "person")
CHANGES: TableKey = ("core", "changes")

QUARTERLY: TableKey = ("kpi", "quarterly")
MONTHLY: TableKey = ("kpi", "monthly")
BY_TEAM: TableKey = ("kpi", "by_team")
FORECAST: TableKey = ("kpi", "forecast")
FORECAST_RECORD: TableKey = ("kpi", "forecast_record")
CONTROL_LIMITS: TableKey = ("kpi", "control_limits")
COMPARISON: TableKey = ("kpi", "comparison")
HEADLINES: TableKey = ("kpi", "headlines")
MEMBERS: TableKey = ("kpi", "members")
REPORTED: TableKey = ("kpi", "reported")
REVISIONS: TableKey = ("kpi", "revisions")
NEWEST_REPORT: TableKey = ("kpi", "newest_report")

WORKLISTS: TableKey = ("worklists", "lists")
WORKLIST_ITEMS: TableKey = ("worklists", "items")
TIMELINE: TableKey = ("worklists", "timeline")

COMPARATORS: TableKey = ("reference", "comparators")
POPULATION: TableKey = ("reference", "population")
NEIGHBOURS: TableKey = ("reference", "neighbours")

PUBLISHED: TableKey = ("warehouse", "published")

OF_ALL_AUTHORITIES = frozenset({"reference", "warehouse", "outputs"})
"""Layers whose tables are of all authorities."""


class AuthorityNameError(PlainError):
    """A name that cannot be an authority's folder, and so must not become part of a path."""


def ingested_list(name: str) -> TableKey:
    """The key of a list as it was read: every cell as text."""
    return ("ingested", name)


def clean_list(name: str) -> TableKey:
    """The key of a list typed and coded by its contract."""
    return ("clean", name)


def core_table(name: str) -> TableKey:
    """The key of a table of the history: that of a list, or another such as `person` or `coverage`."""
    return ("core", name)


def is_of_one_authority(key: TableKey) -> bool:
    """Whether there is one table an authority; otherwise one of all authorities."""
    return key[0] not in OF_ALL_AUTHORITIES


def output_files(form: str) -> TableKey:
    """The key of the table of files that an output form wrote."""
    return ("outputs", form)


def lake_folder(lake: str) -> UPath:
    """The folder of a lake, given as the settings name it: a plain path, or one of an object store."""
    if "://" not in lake:
        return cast("UPath", Path(lake))  # what the lake asks of a path, both have
    from upath import UPath  # noqa: PLC0415 - slow to import, and only a lake in an object store needs it

    return UPath(lake)


def table_path(
    lake: str, key: TableKey, authority: str | None = None, *, is_set_aside: bool = False
) -> UPath:
    """The path of a table.

    Args:
        lake: the folder or address of the lake, as the settings name it.
        key: which table.
        authority: whose part of it; None for a table of all authorities.
        is_set_aside: the path of a table that failed its check.

    Raises:
        AuthorityNameError: the authority's name holds anything but lower-case letters, digits and hyphens.
    """
    layer, name = key
    suffix = SET_ASIDE_SUFFIX if is_set_aside else SUFFIX
    folder = lake_folder(lake) / layer
    if authority is None:
        return folder / (name + suffix)
    return folder / name / (check_slug(authority) + suffix)


def results_folder(lake: str, kind: str, authority: str) -> UPath:
    """The folder of an authority's results of one kind, `<lake>/results/<kind>/<authority>`.

    Raises:
        AuthorityNameError: the authority's name holds anything but lower-case letters, digits and hyphens.
    """
    return lake_folder(lake) / RESULTS / kind / check_slug(authority)


def authorities_with(lake: str, key: TableKey) -> list[str]:
    """Every authority that has a table of this key, sorted by name."""
    layer, name = key
    folder = lake_folder(lake) / layer / name
    files = [path.name for path in folder.iterdir()] if folder.exists() else []
    names = (file.removesuffix(SUFFIX) for file in files if file.endswith(SUFFIX))
    return sorted(name for name in names if SLUG.fullmatch(name))


def check_slug(name: str) -> str:
    """The name, when it can be an authority's.

    Raises:
        AuthorityNameError: it holds anything but lower-case letters, digits and hyphens.
    """
    if not SLUG.fullmatch(name):
        raise AuthorityNameError(
            f"{name!r} cannot be an authority: use lower-case letters, digits and hyphens."
        )
    return name
