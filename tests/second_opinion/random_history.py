"""Random histories of a small council: what it delivered, with the accidents that deliveries have.

Every list has records whose dates like to fall on the first and last days of quarters and on legal limits.
Deliveries show what was known by their date: they overlap, come late, drop a record, correct a date, take
an end date back, keep one row a child where the list does, and reach further back without saying so. Lists
disagree about a child. Each child and list draws from a stream of its own, so that a smaller plan is the same
history with less in it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from random import Random
from typing import Any

from cf_pipeline.contracts.codes import code_sets
from cf_pipeline.contracts.lists import list_contracts
from tests.second_opinion.counting.days import plus_days, plus_months, plus_working_days
from tests.second_opinion.counting.deliveries import Delivery, Row
from tests.second_opinion.counting.lists import DUE_DATES, ENDS, KEY_DATES, MOVING, ONE_ROW_A_CHILD

DATES_OF_DELIVERY = (dt.date(2019, 6, 30), dt.date(2019, 9, 30), dt.date(2019, 12, 31), dt.date(2020, 3, 31))
DAYS_AFTER = (0, 0, 0, 1, 10, 31, 32)
SET_ASIDE = (0, 0, 0, 1, 3)
STATED_FROM = (None, None, dt.date(2018, 4, 1), dt.date(2019, 4, 1), dt.date(2019, 4, 2))
OFFSETS = (0, 1, 2, 3, 14, 20, 21, 22, 28, 29, 30, 45, 60, 63, 65, 66, 90, 100, 183, 365, 366)
WORKING_DAYS = (1, 2, 10, 11, 15, 16, 20, 21, 45, 45, 46)
AGES_BACK = (-60, 0, 364, 366, 1825, 1827, 3652, 5843, 5845, 6573, 6575, 8000)
TEAMS = ("Duty", "Long Term", "Care Leaving")
SHOWN_PERCENT, CORRECTED_PERCENT, CHANGED_PERCENT, UNLIKE_PERCENT = 96, 3, 10, 15
DETAILS = ("gender", "ethnicity", "date_of_birth", "has_disability")
STATE_DATES = (
    "last_",
    "latest_",
    "cp_last_",
    "cp_latest_",
    "pathway_plan_review_date",
    "placement_start_date",
)
COUNTERS = (0, 0, 1, 2, 3, 4)
WORKERS = ("W1", "W2", "W3", None)
EARLIEST = dt.date(2016, 1, 1)
MILES = (None, 0.5, 20.0, 20.5)
FREQUENCIES = (None, 28, 42, 56, 91)


@dataclass(frozen=True)
class Plan:
    """How much of which random history."""

    seed: int
    children: int
    deliveries: int
    lists: tuple[str, ...]

    @property
    def population(self) -> dict[int, int]:
        """The 0 to 17 population of some mid-years."""
        draw = Random(f"{self.seed} population")
        return {year: draw.randrange(500, 5000) for year in (2018, 2019) if draw.randrange(4)}


def deliveries(plan: Plan) -> list[Delivery]:
    """The deliveries of a plan, oldest first."""
    draw = Random(f"{plan.seed}")
    first = draw.randrange(len(DATES_OF_DELIVERY) - plan.deliveries + 1)
    dates = [
        plus_days(day, draw.choice(DAYS_AFTER)) for day in DATES_OF_DELIVERY[first : first + plan.deliveries]
    ]
    stated = draw.choice(STATED_FROM)
    found = [
        Delivery(
            day,
            {name: [] for name in plan.lists},
            stated if number == 0 else None,
            set_aside={name: draw.choice(SET_ASIDE) for name in plan.lists},
        )
        for number, day in enumerate(dates)
    ]
    long_extract = found[0] if stated is not None or draw.randrange(3) == 0 else None
    for number in range(plan.children):
        child = _child(Random(f"{plan.seed} {number}"), number)
        for name in plan.lists:
            _show(name, child, Random(f"{plan.seed} {number} {name}"), found, long_extract)
    return found


def _child(draw: Random, number: int) -> Row:
    middle = draw.choice(DATES_OF_DELIVERY)
    born = plus_days(middle, -draw.choice(AGES_BACK) + draw.choice((-1, 0, 1)))
    return {
        "child_id": f"C{number}",
        "adopter_id": f"C{number}",
        "gender": draw.choice(("M", "F", "U", None)),
        "ethnicity": draw.choice(("WBRI", "ABAN", "NOBT", "REFU", None)),
        "date_of_birth": draw.choice((born, born, None)),
        "has_disability": draw.choice(("Y", "N", None)),
    }


def _as_this_list_has_it(name: str, child: Row, draw: Random) -> Row:
    """The child as one list has it: now and then with a detail that other lists have otherwise."""
    columns = [column for column in list_contracts()[name].columns if column.name in DETAILS]
    if not columns or draw.randrange(100) >= UNLIKE_PERCENT:
        return child
    column = draw.choice(columns)
    if column.type == "code":
        codes = [code.code for code in code_sets()[column.code_set]]
        return child | {column.name: draw.choice(codes)}
    born = child["date_of_birth"] and plus_days(child["date_of_birth"], draw.choice((-400, -1, 1, 400)))
    return child | {column.name: born}


def _show(name: str, child: Row, draw: Random, found: list[Delivery], long_extract: Delivery | None) -> None:
    """Put what each delivery knows of a child's records on a list into it."""
    child = _as_this_list_has_it(name, child, draw)
    records = [_record(name, child, draw, found) for _ in range(draw.choice((0, 1, 2, 3, 4)))]
    if name in ENDS:
        records = _one_after_the_other(name, records)
    for delivery in found:
        is_long = delivery is long_extract
        start = EARLIEST if is_long and delivery.stated_from is None else delivery.covers_from(name)
        shown = [
            _as_known(name, record, delivery, draw)
            for record in records
            if draw.randrange(100) < SHOWN_PERCENT and _is_in(name, record, start, delivery.as_at)
        ]
        if name == "care_leavers":
            shown = shown[:1]
        if name in ONE_ROW_A_CHILD and not is_long:
            shown = sorted(shown, key=lambda row: row[KEY_DATES[name]])[-1:]
        delivery.lists[name].extend(shown)
        for record in records:
            _change(name, record, draw)


def _one_after_the_other(name: str, records: list[Row]) -> list[Row]:
    """Spells of a child that do not overlap: the earlier ends before the later starts."""
    kept: list[Row] = []
    for record in sorted(records, key=lambda row: row[KEY_DATES[name]]):
        if kept:
            start, before = record[KEY_DATES[name]], kept[-1]
            if start <= before[KEY_DATES[name]]:
                continue
            if before[ENDS[name]] is None or before[ENDS[name]] > start:
                before[ENDS[name]] = start
        kept.append(record)
    return kept


def _record(name: str, child: Row, draw: Random, found: list[Delivery]) -> Row:
    """The truth about one record: every column of its list."""
    day = _boundary_day(draw, found)
    contract = list_contracts()[name]
    record: Row = {}
    for column in contract.columns:
        if column.name in child:
            record[column.name] = child[column.name]
        elif column.name == KEY_DATES.get(name):
            moment = dt.datetime.combine(day, dt.time(draw.choice((0, 9, 23))))
            record[column.name] = moment if column.type == "datetime" else day
        else:
            record[column.name] = _value(column, day, draw)
    return record


def _boundary_day(draw: Random, found: list[Delivery]) -> dt.date:
    """A day that likes the ends of quarters, up to two and a half years before the newest delivery."""
    newest = found[-1].as_at
    months = draw.choice((0, 0, 0, 3, 3, 6, 6, 9, 12, 15, 24, 30))
    quarter_end = dt.date(newest.year, (newest.month - 1) // 3 * 3 + 1, 1)
    edge = plus_days(plus_months(quarter_end, -months), draw.choice((-1, 0, 0, 1, 45, 60, -20)))
    return min(edge, newest)


def _value(column: Any, day: dt.date, draw: Random) -> Any:
    """A value of a column of a record of that day; None where the cell is empty."""
    if column.name == "visit_type":
        return draw.choice(("Statutory", "Statutory", "Other", None))
    if column.name in ("early_help_reason", "early_help_end_reason"):
        return draw.choice(("Stepped up to social care", "Step up", "Needs met", None))
    if column.type in ("date", "datetime"):
        return _later(column, day, draw)
    return draw.choice(_choices(column))


def _choices(column: Any) -> tuple[Any, ...]:
    if column.type == "code":
        codes = [code.code for code in code_sets()[column.code_set][:6]]
        return (*codes, *_likely(column.code_set), None)
    if column.type == "string" and not column.name.endswith(("_id", "urn")):
        return (*TEAMS, None)
    numbers = FREQUENCIES if "frequency" in column.name else COUNTERS
    return {
        "integer": numbers,
        "age": numbers,
        "number": MILES,
        "worker": WORKERS,
        "presence": (True, None),
    }.get(column.type, (None,))


def _later(column: Any, day: dt.date, draw: Random) -> dt.date | None:
    """A date that follows the record's own; a moment late that evening where there is a time."""
    later = plus_days(day, draw.choice(OFFSETS))
    if draw.choice((True, False)):
        later = plus_working_days(day, draw.choice(WORKING_DAYS))
    if draw.choice((True, False, False)):
        return None
    return dt.datetime.combine(later, dt.time(23, 30)) if column.type == "datetime" else later


def _likely(code_set: str) -> tuple[str, ...]:
    """Codes that matter to a count, so that they come often."""
    return {
        "case_status": ("CIN", "CIN", "CIN"),
        "care_leaver_eligibility": ("R", "FR", "FR", "Q"),
        "in_touch": ("YES", "YES", "DIED"),
        "legal_status": ("C2", "C2", "V2", "V3", "V4"),
        "permanence_plan": ("LTFOST", "RESPLMT"),
        "lac_ceased_reason": ("E4A", "X1", "E12", "E12"),
        "contact_outcome": ("NEW_REFERRAL_FLAG", "NFA_FLAG", "ADVICE_FLAG"),
        "activity_status": ("F1", "G4", "P2"),
    }.get(code_set, ())


def _is_in(name: str, record: Row, start: dt.date, as_at: dt.date) -> bool:
    """Whether a window holds the record."""
    if name not in KEY_DATES:
        return True
    day = _day(record[KEY_DATES[name]])
    if name in ENDS:
        end = record[ENDS[name]]
        return day <= as_at and (end is None or end >= start)
    if name in ("adoptions", "adopters"):
        return day <= as_at
    slot = record.get(DUE_DATES.get(name, "")) or day
    return start <= slot and min(day, slot) <= as_at


def _as_known(name: str, record: Row, delivery: Delivery, draw: Random) -> Row:
    """The record without what had not happened by the delivery's date."""
    row = dict(record)
    for column, value in record.items():
        if not isinstance(value, dt.date) or column == "date_of_birth":
            continue
        if column.startswith(STATE_DATES):
            row[column] = plus_days(delivery.as_at, -draw.choice(OFFSETS))
        elif _day(value) > delivery.as_at and column != DUE_DATES.get(name):
            row[column] = None
    if name == "children_in_need":
        is_closed = row["cin_closure_date"] is not None
        row["case_status"] = "CLO" if is_closed else draw.choice(("CIN", "CIN", "CPP", "ASM", None))
    return row


def _change(name: str, record: Row, draw: Random) -> None:
    """What happens to a record between two deliveries: seldom a corrected date, more often a new code."""
    if name in KEY_DATES and draw.randrange(100) < CORRECTED_PERCENT:
        column = KEY_DATES[name]
        record[column] += dt.timedelta(days=draw.choice((-31, -1, 1, 2)))
    if name in ENDS and draw.randrange(100) < CORRECTED_PERCENT:
        record[ENDS[name]] = None
    for column in list_contracts()[name].columns:
        is_fact = column.type == "code" and column.name not in ("gender", "ethnicity", "has_disability")
        moves = column.type == "integer" and column.name in MOVING
        if (is_fact or moves) and draw.randrange(100) < CHANGED_PERCENT:
            record[column.name] = _value(column, dt.date(2019, 1, 1), draw)


def _day(value: dt.date) -> dt.date:
    return value.date() if isinstance(value, dt.datetime) else value


def every_list() -> Iterable[str]:
    return list_contracts()
