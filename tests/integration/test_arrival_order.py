"""Deliveries may arrive in any order, twice and under other names: the history and the figures are the same.

Four deliveries are put into the drop zone in each of their 24 orders, every file also as a renamed copy, and
taken all the way from the files to the figures; once from nothing, once with what earlier orders left behind.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import cf_pipeline.ingest.file_lists
from cf_pipeline.history.merge.core import Core, merge_deliveries
from cf_pipeline.ingest.files.read_file import Reading, read_file
from cf_pipeline.kpi.definitions.registry import load_registry
from cf_pipeline.kpi.measure.quarterly import measure_kpis
from tests.support.arrivals import AUTHORITY, CODE, DELIVERIES, arrive
from tests.support.kept_results import kept_files, read_files

KEY = b"k" * 32
ORDERS = list(itertools.permutations(DELIVERIES))
REGISTRY = load_registry()
ONE_A_LIST = {kpi.numerator.table: kpi.id for kpi in reversed(REGISTRY.values())}
DELIVERED = {name for lists in DELIVERIES.values() for name in lists}
SOME = {name: REGISTRY[name] for table, name in ONE_A_LIST.items() if table in DELIVERED}
"""A figure of each list delivered: the whole registry is measured for two of the orders."""


@pytest.fixture(autouse=True, scope="module")
def read_once() -> Iterator[None]:
    """Each content is parsed once; what is parsed does not depend on where and when it lies."""
    known: dict[str, Reading] = {}

    def reading(path: Path, *arguments: Any) -> Reading:
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        if content not in known:
            known[content] = read_file(path, *arguments)
        return known[content]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cf_pipeline.ingest.file_lists, "read_file", reading)
        yield


def merged(raw: Path, as_reported_at: pd.Timestamp | None = None, lake: Path | None = None) -> Core:
    accepted = read_files(raw, AUTHORITY, lake).accepted
    assert accepted.held.empty
    cleaned = accepted.cleaned
    return merge_deliveries(cleaned.lists, cleaned.quarantine, accepted.manifest, CODE, KEY, as_reported_at)


def written(frames: dict[str, pd.DataFrame], without: str = "") -> dict[str, bytes]:
    """Every table as bytes: values, dtypes, columns and order of rows."""
    return {
        name: f"{frame.dtypes.to_dict()}\n{frame.drop(columns=without, errors='ignore').to_csv()}".encode()
        for name, frame in frames.items()
    }


def history(core: Core, without: str = "") -> dict[str, bytes]:
    return written(core.tables | {"issues": core.issues}, without)


def figures(core: Core, registry: dict[str, Any]) -> bytes:
    return written({"kpi": measure_kpis(core.tables, registry, CODE)})["kpi"]


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Core:
    """Each delivery once, oldest first."""
    raw = tmp_path_factory.mktemp("once")
    arrive(raw, ORDERS[0])
    return merged(raw)


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is kept of reading and cleaning, from one order to the next."""
    return tmp_path_factory.mktemp("lake")


@pytest.fixture(scope="module")
def some_figures(once: Core) -> bytes:
    return figures(once, SOME)


def test_the_deliveries_change_one_another_in_every_way(once: Core) -> None:
    found = {status for table in ("contacts", "children_in_care") for status in once.tables[table]["status"]}
    assert found == {"current", "withdrawn", "superseded", "ended_unknown"}
    assert {"key_corrected", "late_entry", "value_withdrawn", "known_value_kept"} <= set(once.issues["rule"])
    assert len(once.tables["care_leavers"]) == 4


@pytest.mark.slow
@pytest.mark.parametrize("order", ORDERS, ids=" then ".join)
def test_each_order_of_arrival_and_every_file_twice_gives_the_same_history_and_figures(
    tmp_path: Path, once: Core, some_figures: bytes, lake: Path, order: tuple[str, ...]
) -> None:
    arrive(tmp_path, order, copies="zz")
    cold, warm = merged(tmp_path), merged(tmp_path, lake=lake)
    assert kept_files(lake)
    assert history(cold) == history(warm) == history(once)
    assert figures(cold, SOME) == figures(warm, SOME) == some_figures


def test_files_under_other_names_give_the_same_history_but_for_the_names(tmp_path: Path, once: Core) -> None:
    arrive(tmp_path, ORDERS[-1], copies="a copy of")
    other = merged(tmp_path)
    assert history(other, without="file") == history(once, without="file")
    assert figures(other, REGISTRY) == figures(once, REGISTRY)


def test_without_the_newest_delivery_the_history_is_what_was_reported_before_it(
    tmp_path: Path, once: Core
) -> None:
    every, before = tmp_path / "every", tmp_path / "before"
    arrive(every, ORDERS[-1])
    arrive(before, ORDERS[0][:3])
    then, earlier = merged(every, pd.Timestamp("2019-12-30")), merged(before)
    assert history(then) == history(earlier) != history(once)
    assert figures(then, REGISTRY) == figures(earlier, REGISTRY) != figures(once, REGISTRY)
