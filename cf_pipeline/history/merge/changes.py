"""What the newest delivery changed, record by record: new, closed, moved, corrected, gone.

A record is set against the last version of it that an earlier delivery shows; in a list that is a state, so
is a person. A list that the newest delivery does not have, or that no earlier one has, shows no change.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from cf_pipeline.contracts.list_contract import DEMOGRAPHICS, ListContract
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.contracts.tables import table_contract
from cf_pipeline.contracts.tables.object_cells import object_cells
from cf_pipeline.history.merge.status import ENDED_UNKNOWN, WITHDRAWN
from cf_pipeline.history.merge.versions import Versions
from cf_pipeline.history.merge.volatile_columns import material_columns

CHANGES = table_contract("core/changes")
Positions = npt.NDArray[np.int64]
Cells = npt.NDArray[Any]
Texts = npt.NDArray[np.object_]
NEW, CLOSED, REOPENED, PLACEMENT = "new", "closed", "reopened", "placement"
UPDATED, FILLED_IN, CORRECTED = "updated", "filled in", "corrected"
GONE = {WITHDRAWN: "withdrawn", ENDED_UNKNOWN: "vanished while open"}
"""What a record is that the newest delivery lacks although it should hold it, by its status."""
PLACEMENT_START, PLACEMENT_TYPE = "placement_start_date", "placement_type"
TEXTS = ("from_text", "to_text", "columns_changed")
NOWHERE = -1
TEAM_LISTS = (
    *("children_in_care", "child_protection_plans", "children_in_need"),
    *("care_leavers", "assessments"),
)
"""The lists whose team stands for a record without one: that of the first in which the child has one."""


@dataclass(frozen=True)
class _Change:
    """Records of one kind of change, by their positions among the versions of a list, and its texts.

    `texts` are those of TEXTS that it has.
    """

    kind: str
    position: Positions
    texts: Mapping[str, Texts]


@dataclass(frozen=True)
class _Comparison:
    """The records of a list by position in its versions.

    `before` and `after`: of those that an earlier delivery and the newest have, the last version and the new
    one. `new`: of those that the newest alone has. `last`: the last version of those that it lacks. `lacking`
    names for a column the ranks of the deliveries that do not supply it.
    """

    contract: ListContract
    rows: pd.DataFrame
    before: Positions
    after: Positions
    new: Positions
    last: Positions
    lacking: Mapping[str, list[int]]

    def differs(self, name: str) -> Positions:
        """The records in which a column that both deliveries supply is another one."""
        before, after = self.values(name)
        if before.equals(after):
            return np.zeros(0, dtype="int64")
        one, other = object_cells(before), object_cells(after)
        found = np.flatnonzero(one != other)
        if ranks := self.lacking.get(name):
            rank = self.rows["rank"].to_numpy()
            lacks = np.isin(rank[self.before[found]], ranks) | np.isin(rank[self.after[found]], ranks)
            found = found[~lacks]
        return found

    def values(self, name: str) -> tuple[Any, Any]:
        """A column before and after, as arrays of pandas."""
        array = self.rows[name].array
        return array.take(self.before), array.take(self.after)


def find_changes(
    tables: Mapping[str, pd.DataFrame],
    versions: Mapping[str, Versions],
    covers: pd.DataFrame,
    ranks: pd.Series,
) -> pd.DataFrame:
    """What the newest delivery changed: the columns of CHANGES, list by list.

    Args:
        tables: the core tables.
        versions: the delivered rows of each list.
        covers: the coverage of every list.
        ranks: the order of each delivery_id, oldest 0.
    """
    if covers.empty:
        return CHANGES.empty()
    days = dict(zip(ranks.reindex(covers["delivery_id"]).tolist(), covers["as_at"], strict=True))
    newest_day = max(days.values())
    newest = min(rank for rank, day in days.items() if day == newest_day)
    parts: list[dict[str, Cells]] = []
    for name, columns_by_rank in _columns_supplied(covers, ranks).items():
        contract, rows = list_contracts()[name], versions[name].rows
        previous = max((rank for rank in columns_by_rank if rank < newest), default=NOWHERE)
        if (
            previous == NOWHERE
            or max(columns_by_rank) < newest
            or not contract.is_about_children
            or rows.empty
        ):
            continue
        comparison = _compare(contract, rows, columns_by_rank, newest)
        found = _changes_of_list(comparison, tables[name], previous)
        if changes_of_list := [change for change in found if len(change.position)]:
            parts.append(_columns(contract, rows, changes_of_list))
            parts[-1]["from_as_at"] = np.full(len(parts[-1]["list"]), days[previous].to_datetime64())
    if not parts:
        return CHANGES.empty()
    columns = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    teams = _teams_of_children(versions, newest)
    columns["team"] = np.array(
        [
            teams.get(child) if team is None else team
            for child, team in zip(columns["person_ref"], columns["team"], strict=True)
        ],
        dtype=object,
    )
    changes = pd.DataFrame(columns, copy=False)
    return CHANGES.cast(changes.assign(to_as_at=newest_day, change_no=np.arange(1, len(changes) + 1)))


def _columns_supplied(covers: pd.DataFrame, ranks: pd.Series) -> dict[str, dict[int, frozenset[str]]]:
    """For each list, and for the rank of each of its deliveries, the columns that it supplies."""
    found: dict[str, dict[int, frozenset[str]]] = {}
    rank_of_delivery = dict(zip(ranks.index, ranks.tolist(), strict=True))
    columns = zip(covers["list"], covers["delivery_id"], covers["columns_supplied"], strict=True)
    for name, delivery_id, supplied in columns:
        found.setdefault(str(name), {})[rank_of_delivery[delivery_id]] = _split(str(supplied))
    return found


@cache
def _split(columns: str) -> frozenset[str]:
    return frozenset(columns.split(";"))


def _compare(
    contract: ListContract, rows: pd.DataFrame, columns_by_rank: Mapping[int, frozenset[str]], newest: int
) -> _Comparison:
    """The versions of a list before and since the deliveries of the newest day."""
    number = pd.factorize(rows["person_ref"])[0] if contract.kind == "state" else rows["record_no"].to_numpy()
    is_after = rows["rank"].to_numpy() >= newest
    # Versions are in the order of their deliveries: of several the last assignment wins.
    before, after = np.full((2, number.max() + 1), NOWHERE)
    before[number[~is_after]], after[number[is_after]] = np.flatnonzero(~is_after), np.flatnonzero(is_after)
    has_before, has_after = before != NOWHERE, after != NOWHERE
    all_columns = frozenset.intersection(*columns_by_rank.values())
    lacking = {
        name: [rank for rank, columns in columns_by_rank.items() if name not in columns]
        for name in contract.column_names
        if name not in all_columns
    }
    return _Comparison(
        contract,
        rows,
        before[has_before & has_after],
        after[has_before & has_after],
        new=after[~has_before & has_after],
        last=before[has_before & ~has_after],
        lacking=lacking,
    )


def _changes_of_list(comparison: _Comparison, table: pd.DataFrame, previous: int) -> Iterator[_Change]:
    """The changes of one list, kind by kind; `previous` is the rank of its delivery before the newest."""
    contract, rows, new = comparison.contract, comparison.rows, comparison.new
    rekeyed = object_cells(table["rekeyed_to"].dropna().array)
    if len(rekeyed):
        is_rekeyed = np.isin(object_cells(rows["record_key"].array.take(new)), rekeyed)
        key_date = np.full(int(is_rekeyed.sum()), contract.key_date, dtype=object)
        yield _Change(CORRECTED, new[is_rekeyed], {"columns_changed": key_date})
        new = new[~is_rekeyed]
    yield _Change(NEW, new, {})
    yield from _gone(rows, comparison.last[rows["rank"].to_numpy()[comparison.last] == previous], table)
    closures, reopenings = _ends(comparison)
    yield _Change(CLOSED, comparison.after[closures], {})
    yield _Change(REOPENED, comparison.after[reopenings], {})
    yield from _moves(comparison)
    yield from _corrections(comparison, closures)


def _gone(rows: pd.DataFrame, last: Positions, table: pd.DataFrame) -> Iterator[_Change]:
    """Of the records that the newest delivery lacks those that it should hold."""
    is_gone = table["status"].isin(list(GONE)) & table["rekeyed_to"].isna()
    if not len(last) or not is_gone.any():
        return
    status = dict(zip(table["record_key"][is_gone], table["status"][is_gone], strict=True))
    found = np.array([status.get(key) for key in rows["record_key"].array.take(last)], dtype=object)
    for code, kind in GONE.items():
        yield _Change(kind, last[found == code], {})


def _ends(comparison: _Comparison) -> tuple[Positions, Positions]:
    """The records that were closed, and those that are open again."""
    was_open, is_open = np.ones((2, len(comparison.before)), dtype=bool)
    for name in comparison.contract.ends:
        before, after = comparison.values(name)
        was_open &= np.asarray(before.isna())
        is_open &= np.asarray(after.isna())
    return np.flatnonzero(was_open & ~is_open), np.flatnonzero(~was_open & is_open)


def _moves(comparison: _Comparison) -> Iterator[_Change]:
    """The records with another team, worker or placement."""
    contract = comparison.contract
    has_placement = PLACEMENT_START in contract.states
    for kind, name, shown in (
        ("team", contract.team, contract.team),
        ("worker", contract.worker, contract.worker),
        (PLACEMENT, PLACEMENT_START if has_placement else None, PLACEMENT_TYPE),
    ):
        found = comparison.differs(name) if name is not None else ()
        if shown is not None and len(found):
            before, after = (object_cells(values)[found] for values in comparison.values(shown))
            yield _Change(kind, comparison.after[found], {"from_text": before, "to_text": after})


def _corrections(comparison: _Comparison, closures: Positions) -> Iterator[_Change]:
    """The records of which other columns are updated, filled in or corrected, with the names of the columns.

    What describes a state (the legal status, whether a care leaver is in touch) is updated. Of any other
    column a blank is filled in, unless the record was closed by it, and another value is corrected.
    """
    size = len(comparison.before)
    names = {kind: np.full(size, "", dtype=object) for kind in (UPDATED, FILLED_IN, CORRECTED)}
    for name in _described_by(comparison.contract):
        found = comparison.differs(name)
        if not len(found):
            continue
        if comparison.contract.kind == "state" or name in comparison.contract.states:
            names[UPDATED][found] += f";{name}"
            continue
        was_blank = np.asarray(comparison.values(name)[0].isna())[found]
        names[FILLED_IN][np.setdiff1d(found[was_blank], closures)] += f";{name}"
        names[CORRECTED][found[~was_blank]] += f";{name}"
    for kind, texts in names.items():
        found = np.flatnonzero(texts != "")
        changed = np.array([text.removeprefix(";") for text in texts[found]], dtype=object)
        yield _Change(kind, comparison.after[found], {"columns_changed": changed})


@cache
def _described_by(contract: ListContract) -> tuple[str, ...]:
    """The columns of a list that describe a record; not its end, team, worker, placement and person."""
    others = {contract.person, contract.team, contract.worker, *contract.ends, *DEMOGRAPHICS}
    others |= {PLACEMENT_START, PLACEMENT_TYPE} if PLACEMENT_START in contract.states else set()
    return tuple(name for name in material_columns(contract) if name not in others)


def _columns(contract: ListContract, rows: pd.DataFrame, changes: Sequence[_Change]) -> dict[str, Cells]:
    """The columns of the changes of a list, kind by kind."""
    positions = np.concatenate([change.position for change in changes])
    nothing = np.full(len(positions), None, dtype=object)
    names = ("person_ref", "record_key", "delivery_id", "file", "sheet", "excel_row")
    own = {"team": contract.team, "worker": contract.worker, "record_date": contract.key_date}
    columns = {name: name for name in names} | {name: each for name, each in own.items() if each is not None}
    found = dict.fromkeys((*own, "end_date"), nothing)
    found |= {name: object_cells(rows[each].array.take(positions)) for name, each in columns.items()}
    for name in contract.ends:  # a process is over on the first of its ends that is filled
        ends = object_cells(rows[name].array.take(positions))
        found["end_date"] = np.where(pd.isna(found["end_date"]), ends, found["end_date"])
    for name in TEXTS:
        found[name] = np.concatenate([one.texts.get(name, nothing[: len(one.position)]) for one in changes])
    sizes = [len(change.position) for change in changes]
    found["change"] = np.array([change.kind for change in changes], dtype=object).repeat(sizes)
    found["list"] = np.full(len(positions), contract.name, dtype=object)
    return found


def _teams_of_children(versions: Mapping[str, Versions], newest: int) -> dict[str, str]:
    """The team of each child in the newest delivery, by person_ref."""
    found: dict[str, str] = {}
    for name in TEAM_LISTS:
        rows, team = versions[name].rows, str(list_contracts()[name].team)
        shown = np.flatnonzero(rows["rank"].to_numpy() >= newest)
        children, teams = (object_cells(rows[column].array.take(shown)) for column in ("person_ref", team))
        for child, text in zip(children, teams, strict=True):
            if text is not None:
                found.setdefault(child, text)
    return found
