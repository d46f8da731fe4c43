"""Deliveries may arrive in any order, twice and under other names: the history and the figures are the same.

Four deliveries are put into the drop zone in each of their 24 orders, every file also as a renamed copy, and
taken all the way from the files to the figures.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import cf_pipeline.ingest.file_lists
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.history import Core, merge_deliveries
from cf_pipeline.history.holds.hold import clean_accepted
from cf_pipeline.ingest.files.read_file import Reading, read_file
from cf_pipeline.ingest.receive import receive_deliveries
from cf_pipeline.kpi.definitions.registry import load_registry
from cf_pipeline.kpi.measure.quarterly import measure_kpis

AUTHORITY, CODE, KEY = "camden", "E09000007", b"k" * 32
A, B, C = {"child_id": "A1", "gender": "F"}, {"child_id": "B2", "gender": "M"}, {"child_id": "C3"}
DELIVERIES: dict[str, dict[str, list[dict[str, str]]]] = {
    "2019-06-30": {
        "contacts": [A | {"contact_date": "01/05/2019"}, B | {"contact_date": "02/05/2019"}],
        "children_in_care": [A | {"cla_start_date": "01/02/2019"}, B | {"cla_start_date": "01/03/2019"}],
        "care_leavers": [C | {"in_touch": "Yes"}],
    },
    "2019-04-01_2019-09-30": {
        "contacts": [A | {"contact_date": "01/05/2019"}, B | {"contact_date": "01/09/2019"}],
        "care_leavers": [C | {"in_touch": "No"}, A | {"in_touch": "Yes"}],
    },
    "2019-09-30": {
        "contacts": [
            A | {"contact_date": "03/05/2019"},
            B | {"contact_date": "05/08/2019"},
            C | {"contact_date": "04/07/2019"},
        ],
        "children_in_care": [
            A | {"cla_start_date": "01/02/2019", "cla_end_date": "01/08/2019"},
            B | {"cla_start_date": "01/09/2019"},
        ],
        "care_leavers": [C | {"in_touch": "Yes"}],
    },
    "2019-12-31": {
        "contacts": [
            A | {"contact_date": "06/08/2019"},
            {"child_id": "B2", "contact_date": "05/08/2019"},
            C | {"contact_date": "04/07/2019", "contact_source": "6"},
            C | {"contact_date": "04/07/2019", "contact_source": "8"},
        ],
        "children_in_care": [A | {"cla_start_date": "01/02/2019"}],
        "care_leavers": [C | {"in_touch": "Yes"}, B | {"in_touch": "No"}],
    },
}
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


def arrive(raw: Path, order: Sequence[str], copies: str = "") -> None:
    """The deliveries in this order; then a renamed copy of each file, the last delivery first."""
    for name in order:
        folder = raw / AUTHORITY / name
        folder.mkdir(parents=True)
        for listed, rows in DELIVERIES[name].items():
            columns = list_contracts()[listed].columns
            lines = [[row.get(column.name, "") for column in columns] for row in rows]
            frame = pd.DataFrame(lines, columns=[column.header for column in columns])
            frame.to_csv(folder / f"{listed}.csv", index=False)
    for name in reversed(order) if copies else ():
        for file in sorted((raw / AUTHORITY / name).iterdir()):
            (file.parent / f"{copies} {file.name}").write_bytes(file.read_bytes())


def merged(raw: Path, as_reported_at: pd.Timestamp | None = None) -> Core:
    received = receive_deliveries(raw, AUTHORITY)
    took = clean_accepted(received.lists, received.manifest, received.findings, received.mapping)
    assert took.held.empty
    return merge_deliveries(
        took.cleaned.lists, took.cleaned.quarantine, took.manifest, CODE, KEY, as_reported_at
    )


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
    tmp_path: Path, once: Core, some_figures: bytes, order: tuple[str, ...]
) -> None:
    arrive(tmp_path, order, copies="zz")
    other = merged(tmp_path)
    assert history(other) == history(once)
    assert figures(other, SOME) == some_figures


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
