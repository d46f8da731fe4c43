"""Which list a sheet is, and which row has its headers.

The headers decide: the list that has most of them in columns of its own. The sheet's name, then the file's,
decides between equals only, and is told where it names another list (docs/rulings.md#33).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from cf_pipeline.contracts.list_contract import ListContract
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.contracts.mapping import NO_MAPPING, CouncilMapping
from cf_pipeline.contracts.words.headers import squash
from cf_pipeline.ingest.tables.header_rows import HeaderFit, Headers, Range, header_fits
from cf_pipeline.ingest.tables.match_headers import NO_COUNCIL_HEADERS
from cf_pipeline.ingest.tables.names_of_lists import WHOLE_NAME, name_evidence

SCAN_ROWS = 25
"""Rows searched for the headers: titles, an as-at date and blank rows may be above them."""
SHARED_BY = 3
"""A column of this many lists (id, gender, ethnicity, ...) is weak evidence of any one list."""
SHARED_WEIGHT = 0.25
LOOK_ALIKE_LEAD = 1
"""Columns by which a list may have more than its equal where both call their key date the same: one column
more that a visit's export has does not make it a visit of another kind."""
FEWEST_COLUMNS = 3
FEWEST_UNNAMED = 5
"""Columns from which a sheet without a required column is near to a list that no name gives."""


@dataclass(frozen=True)
class ListTable:
    """A list in a sheet: its header row and the positions of its columns. Rows and columns count from 0.

    Attributes:
        contract: the list.
        header_row: the row of the headers, of two the lower one.
        positions: column -> the positions of its headers.
        score: how many of the list's columns the headers are; one that many lists share counts less.
        own_count: how many of them are columns that few lists have.
        headers: the texts of the header row, of two rows both joined.
        end_row: the first row after the list; None when it ends with the sheet.
        top: the first of the header rows.
        uses_all: whether every header of the row is a column of the list.
        has_official_key_date: whether the key date has the header of the guidance.
        is_named_otherwise: whether the name of the sheet or the file is that of another list.
    """

    contract: ListContract
    header_row: int
    positions: dict[str, list[int]]
    score: float
    headers: Headers = ()
    end_row: int | None = None
    top: int = 0
    uses_all: bool = False
    own_count: int = 0
    has_official_key_date: bool = False
    is_named_otherwise: bool = False

    @property
    def is_exact(self) -> bool:
        """Whether the headers are the list's, all of them and no other."""
        return self.uses_all and len(self.positions) == len(self.contract.columns)


@dataclass(frozen=True)
class AmbiguousHeaders:
    """Headers that fit several lists equally, without a name that decides."""

    lists: tuple[str, ...]


@dataclass(frozen=True)
class NearMiss:
    """A sheet that is a list by its name and headers but lacks the id or the key date.

    `missing` are the official headers that it lacks, `fit` is the nearest row.
    """

    list_name: str
    missing: tuple[str, ...]
    fit: HeaderFit | None = field(default=None, compare=False)


Recognition = ListTable | AmbiguousHeaders | NearMiss | None
"""What a sheet's first rows are; None: nothing like the headers of a list."""


def find_list(
    rows: Sequence[Sequence[str | None]],
    names: Sequence[str],
    mapping: CouncilMapping = NO_MAPPING,
    merged_ranges: Sequence[Range] = (),
) -> Recognition:
    """Recognise the list of a sheet by its first rows.

    Args:
        rows: the first rows of the sheet, cell by cell.
        names: names that may name a list, strongest first: the sheet's, then the file's. `List 10` is not
            list 1.
        mapping: the council's own names of sheets and headers.
        merged_ranges: the sheet's merged ranges.
    """
    rows = rows[:SCAN_ROWS]
    contracts, council_headers = _possible_lists(names, mapping), _council_headers(mapping)
    is_mapped = len(contracts) == 1
    near_miss: NearMiss | None = None
    choice: ListTable | AmbiguousHeaders | None = None
    for guess in (False, True):
        fits = {
            name: header_fits(
                contract,
                rows,
                merged_ranges,
                guess=guess,
                council_headers=council_headers.get(name, NO_COUNCIL_HEADERS),
            )
            for name, contract in contracts.items()
        }
        candidates = [
            table
            for name, contract in contracts.items()
            for table in _candidates(contract, fits[name], names, guess=guess)
        ]
        near_miss = near_miss or _find_near_miss(contracts, fits, names, is_mapped=is_mapped)
        if candidates:
            top = min(table.top for table in candidates)  # the first table; `split_sheet` finds those below
            choice = _choose([table for table in candidates if table.top == top], [] if is_mapped else names)
            if not _is_rather(near_miss, choice):
                return choice
    if isinstance(choice, ListTable) and choice.contract.key_date is not None:
        return choice
    return near_miss


def _is_rather(near_miss: NearMiss | None, choice: ListTable | AmbiguousHeaders) -> bool:
    """Whether the same headers fit a list better that lacks its id or key date: they may be misspelt."""
    if near_miss is None or near_miss.fit is None or not isinstance(choice, ListTable):
        return False
    own_count = len(set(near_miss.fit.positions) - _shared_columns())
    is_other = near_miss.list_name != choice.contract.name
    return is_other and near_miss.fit.row == choice.header_row and own_count > choice.own_count


def _possible_lists(names: Sequence[str], mapping: CouncilMapping) -> dict[str, ListContract]:
    """Every list, or the one that the council's mapping gives for this sheet."""
    list_name = mapping.list_of_sheet(names[0]) if names else None
    contracts = list_contracts()
    return contracts if list_name is None else {list_name: contracts[list_name]}


def _council_headers(mapping: CouncilMapping) -> dict[str, dict[str, str]]:
    """List -> the council's header, squashed -> column."""
    return {
        name: {squash(header): column for header, column in columns.items()}
        for name, columns in mapping.headers.items()
    }


def _find_near_miss(
    contracts: dict[str, ListContract],
    fits: dict[str, list[HeaderFit]],
    names: Sequence[str],
    *,
    is_mapped: bool,
) -> NearMiss | None:
    """The list of which a row has most headers and lacks a required one.

    Without a name of the list the row must have the id or the key date: a table of codes has neither.
    """
    nearest: NearMiss | None = None
    most = (0, 0)
    for contract in [contract for contract in contracts.values() if fits[contract.name]]:
        evidence = max((name_evidence(contract, name) for name in names), default=0)
        is_named = is_mapped or evidence == WHOLE_NAME
        for fit in fits[contract.name]:
            columns = set(fit.positions)
            missing = [column for column in contract.required_columns if column not in columns]
            if not missing or (len(columns), evidence) <= most or not columns - _shared_columns():
                continue
            others = len(contract.columns) - len(missing)  # a list of few columns needs all the others
            fewest = FEWEST_COLUMNS if is_named else max(FEWEST_COLUMNS, min(FEWEST_UNNAMED, others))
            if len(columns) >= fewest and (is_named or len(missing) < len(contract.required_columns)):
                most = len(columns), evidence
                headers = tuple(contract.column(column).header for column in missing)
                nearest = NearMiss(contract.name, headers, fit)
    return nearest


def _candidates(
    contract: ListContract, fits: Sequence[HeaderFit], names: Sequence[str], *, guess: bool
) -> list[ListTable]:
    """The rows that can be the list's headers: exactly its own, or with enough columns that only it has."""
    if not fits:
        return []
    is_named = any(name_evidence(contract, name) for name in names)
    fewest_own = 1 if contract.key_date else 2
    candidates = []
    for fit in fits:
        if not set(contract.required_columns) <= set(fit.positions):
            continue
        own = [column for column in fit.positions if column not in _shared_columns()]
        score = len(own) + SHARED_WEIGHT * (len(fit.positions) - len(own))
        uses_all = not guess and _uses_all(fit)
        table = ListTable(
            contract,
            fit.row,
            fit.positions,
            score,
            fit.headers,
            top=fit.top,
            uses_all=uses_all,
            own_count=len(own),
            has_official_key_date=_has_official_key_date(contract, fit),
        )
        has_enough = len(own) >= fewest_own and (is_named or len(fit.positions) >= FEWEST_COLUMNS)
        if has_enough or table.is_exact:
            candidates.append(table)
    return candidates


def _uses_all(fit: HeaderFit) -> bool:
    """Whether every header of the row is a column of the list."""
    used = {position for positions in fit.positions.values() for position in positions}
    return all(position in used for position, header in enumerate(fit.headers) if header)


def _has_official_key_date(contract: ListContract, fit: HeaderFit) -> bool:
    key_date = contract.key_date
    if key_date is None:
        return False
    header = squash(contract.column(key_date).header)
    return any(squash(fit.headers[position] or "") == header for position in fit.positions[key_date])


def _choose(candidates: list[ListTable], names: Sequence[str]) -> ListTable | AmbiguousHeaders:
    """The candidate with most columns of its own; between equals the one that a name decides for.

    Where the headers are exactly a list's own, only a list that has all of these headers too can compete with
    it. Without a name, columns that many lists share decide between equals.
    """
    any_exact = any(table.is_exact for table in candidates)
    if any_exact:
        candidates = [table for table in candidates if table.uses_all]
    most = max(candidates, key=lambda table: table.own_count)
    equals = [table for table in candidates if any_exact or _is_equal(table, most)]
    for name in names:
        evidence = {id(table): name_evidence(table.contract, name) for table in equals}
        strongest = max(evidence.values())
        named = [table for table in equals if evidence[id(table)] == strongest]
        top = max(named, key=lambda table: table.score)
        if strongest and len({table.contract.name for table in named}) == 1:
            return _with_name(top, names)
    best = max(table.score for table in equals)
    tops = [table for table in equals if any_exact or table.score == best]
    lists = tuple(dict.fromkeys(table.contract.name for table in tops))
    return _with_name(tops[0], names) if len(lists) == 1 else AmbiguousHeaders(lists)


def _is_equal(table: ListTable, most: ListTable) -> bool:
    """Whether a list has as many of the headers as the one with most, or is its look-alike."""
    lead = most.own_count - table.own_count
    are_look_alikes = table.has_official_key_date and most.has_official_key_date
    return lead == 0 or (are_look_alikes and lead <= LOOK_ALIKE_LEAD)


def _with_name(table: ListTable, names: Sequence[str]) -> ListTable:
    """The table, with whether the first name that names any list names another one."""
    for name in names:
        evidence = {contract.name: name_evidence(contract, name) for contract in list_contracts().values()}
        strongest = max(evidence.values())
        if strongest:
            return replace(table, is_named_otherwise=evidence[table.contract.name] < strongest)
    return table


@cache
def _shared_columns() -> frozenset[str]:
    uses = Counter(
        column for contract in list_contracts().values() for column in dict.fromkeys(contract.column_names)
    )
    return frozenset(column for column, count in uses.items() if count >= SHARED_BY)
