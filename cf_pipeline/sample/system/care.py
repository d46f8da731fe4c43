"""Children in care: placements, visits due, reviews, missing episodes.

Works on finished care spells. The quarterly figures equal their targets.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cf_pipeline.sample.system.days import (
    NEVER,
    Days,
    Flags,
    Ints,
    QuarterDays,
    add_months,
    add_working_days,
    age_on,
    uniform_days,
)
from cf_pipeline.sample.system.plan import Targets
from cf_pipeline.sample.system.records import Records, Texts, draw_codes, pick_rows, texts_where
from cf_pipeline.sample.system.register import Register


@dataclass(frozen=True)
class Spells:
    """Spells in care: the case, the person, first and last day (NaT while in care)."""

    case: Ints
    person: Ints
    start: Days
    end: Days
    reason: Texts
    last_day: np.datetime64

    @property
    def until(self) -> Days:
        """The end, or the last day known."""
        return np.where(np.isnat(self.end), self.last_day, self.end)

    def in_care_on(self, day: np.datetime64) -> Flags:
        """Whether each spell has started on or before the day and not ended by it."""
        return (self.start <= day) & (np.isnat(self.end) | (self.end > day))

    def within(self, quarter: QuarterDays) -> tuple[Ints, Days, Days]:
        """Spells with days in care in the quarter, and the first and last of those days."""
        first = np.maximum(self.start, quarter.start)
        last = np.minimum(np.where(np.isnat(self.end), quarter.end, self.end - 1), quarter.end)
        rows = np.flatnonzero(first < last)
        return rows, first[rows], last[rows]


def care_spells(register: Register, rng: np.random.Generator) -> Spells:
    """Every spell in care, with the reason it ceased."""
    cases = register.cases
    rows = cases.rows_where(~np.isnat(cases["cla_start"]))
    person, end = cases["person"][rows], cases["cla_end"][rows]
    count = len(rows)
    born = register.people["born"][person]
    age = age_on(born, np.where(np.isnat(end), register.last_day, end))
    home = draw_codes(rng, {"E4A": 45.0, "E13": 15.0, "E41": 6.0, "E47": 14.0, "E8": 16.0, "E3": 4.0}, count)
    independent = draw_codes(rng, {"E5": 70.0, "E6": 10.0, "E17": 10.0, "E9": 3.0, "E8": 7.0}, count)
    reason = np.where(age >= 16, independent, home)
    long_enough = np.where(np.isnat(end), register.last_day, end) - cases["cla_start"][rows] > np.timedelta64(
        270
    )
    reason = np.where((age < 7) & long_enough & (rng.random(count) < 0.4), "E11", reason)
    reason = texts_where(~np.isnat(end), reason)
    return Spells(rows, person, cases["cla_start"][rows], end, reason, register.last_day)


PLACEMENTS = {
    "young": {"U6": 55.0, "U4": 12.0, "U3": 14.0, "U1": 6.0, "P1": 5.0, "R3": 3.0, "Z1": 5.0},
    "older": {"U6": 40.0, "U4": 20.0, "K2": 18.0, "U3": 6.0, "H5": 6.0, "S1": 4.0, "P1": 6.0},
    "nearly_adult": {"U6": 30.0, "H5": 30.0, "P2": 22.0, "K2": 10.0, "U4": 8.0},
}
AREAS = {"Islington": 4.0, "Hackney": 3.0, "Southwark": 2.0, "Redbridge": 2.0, "Croydon": 2.0, "Kent": 1.0}
SECTORS = ("N1 2", "E8 1", "SE1 4", "IG3 8", "CR0 2", "N7 6", "E5 9")


def placements(register: Register, rng: np.random.Generator, spells: Spells, moved_often: int) -> Records:
    """Every placement; exactly `moved_often` children in care on the last day had three in 12 months.

    Everybody else's moves lie more than a year apart, or (one in ten) so long ago that no
    last-day window reaches them.
    """
    spell, day = _draw_moves(rng, spells, moved_often)
    spell = np.concatenate([np.arange(len(spells.start)), spell])
    day = np.concatenate([spells.start, day])
    order = np.lexsort((day, spell))
    spell, day = spell[order], day[order]
    is_last = np.append(spell[1:] != spell[:-1], True) if len(spell) else np.zeros(0, dtype=np.bool_)
    end = np.where(is_last, spells.end[spell], np.append(day[1:], NEVER) if len(day) else day)
    person, count = spells.person[spell], len(spell)
    age = age_on(register.people["born"][person], day)
    kind = np.where(
        age < 10, draw_codes(rng, PLACEMENTS["young"], count), draw_codes(rng, PLACEMENTS["older"], count)
    )
    kind = np.where(age >= 16, draw_codes(rng, PLACEMENTS["nearly_adult"], count), kind)
    provider = draw_codes(rng, {"PR1": 45.0, "PR4": 45.0, "PR5": 7.0, "PR2": 3.0}, count)
    postcode = draw_codes(rng, dict.fromkeys(SECTORS, 1.0), count) + draw_codes(
        rng, dict.fromkeys(("AB", "QT", "XD"), 1.0), count
    )
    table = Records(
        spell="i8", person="i8", start="M8[D]", end="M8[D]", kind="O", provider="O", postcode="O", urn="O",
        area="O", miles="f8",
    )  # fmt: skip
    table.add(
        count,
        spell=spell,
        person=person,
        start=day,
        end=end,
        kind=kind,
        provider=np.where(kind == "P1", "PR0", provider),
        postcode=postcode,
        urn=texts_where(
            np.isin(kind, ("K2", "S1", "R3")), [f"SC{n}" for n in rng.integers(30000, 99999, count)]
        ),
        area=draw_codes(rng, AREAS, count),
        miles=np.round(rng.gamma(2.0, 4.0, count), 1),
    )
    return table


def _draw_moves(rng: np.random.Generator, spells: Spells, moved_often: int) -> tuple[Ints, Days]:
    """The spell and the day of each move to another placement."""
    count, last = len(spells.start), spells.last_day
    in_care = (spells.until - spells.start).astype(np.int64)
    quiet_until = np.full(count, np.datetime64("1900-01-01", "D"))
    busy = pick_rows(rng, np.flatnonzero(np.isnat(spells.end) & (in_care >= 45)), moved_often)
    span = np.minimum(in_care[busy] - 5, 330)
    bursts = [
        (busy, last - (rng.uniform(0.55, 0.9, len(busy)) * span).astype("m8[D]")),
        (busy, last - (rng.uniform(0.1, 0.45, len(busy)) * span).astype("m8[D]")),
    ]
    long_ago = np.flatnonzero((in_care >= 130) & (spells.start + 520 < last))
    early = pick_rows(rng, np.setdiff1d(long_ago, busy), len(long_ago) // 10)
    bursts += [
        (early, spells.start[early] + rng.integers(low, low + 40, len(early)).astype("m8[D]"))
        for low in (20, 75)
    ]
    quiet_until[early] = spells.start[early] + 500
    owner, day = [rows for rows, _ in bursts], [days for _, days in bursts]
    busy_from = np.full(count, last + 1)
    busy_from[busy] = last - 800
    move = spells.start + rng.integers(250, 900, count).astype("m8[D]")
    for _ in range(6):
        happens = (move < np.minimum(spells.until, busy_from)) & (move > quiet_until)
        owner.append(np.flatnonzero(happens))
        day.append(move[happens])
        move = move + rng.integers(380, 900, count).astype("m8[D]")
    return np.concatenate(owner), np.concatenate(day)


def visits(register: Register, rng: np.random.Generator, spells: Spells) -> Records:
    """Visit slots: the planned number due in each quarter, spread over the children then in care."""
    table = Records(person="i8", due="M8[D]", made="M8[D]", frequency="i8", seen="O", alone="O")
    for quarter, target in register.plan:
        rows, first, last = spells.within(quarter)
        if len(rows):
            children = (spells.person[rows], first, last)
            _add_visits(rng, table, target, children, is_last_quarter=quarter.end == register.last_day)
    return table


def _add_visits(
    rng: np.random.Generator,
    table: Records,
    target: Targets,
    children: tuple[Ints, Days, Days],
    *,
    is_last_quarter: bool,
) -> None:
    person, first, last = children
    length = (last - first).astype(np.int64) + 1
    share = target.visits * np.cumsum(length) / length.sum()
    slots = np.diff(np.rint(share).astype(np.int64), prepend=0)
    child = np.repeat(np.arange(len(person)), slots)
    place = np.arange(len(child)) - np.repeat(np.cumsum(slots) - slots, slots) + 1
    due = first[child] + (place * length[child] // (slots[child] + 1)).astype("m8[D]")
    made = np.maximum(due - rng.integers(0, 7, len(due)).astype("m8[D]"), first[child])
    late = pick_rows(rng, np.arange(len(due)), target.visits_late)
    made[late] = due[late] + rng.integers(1, 14, len(late)).astype("m8[D]")
    if is_last_quarter:
        made[late[1::2]] = NEVER
    is_seen = rng.random(len(due)) < 0.97
    table.add(
        len(due),
        person=person[child],
        due=due,
        made=made,
        frequency=np.where(slots[child] * 42 > length[child], 28, 42),
        seen=np.where(is_seen, "Y", "N"),
        alone=np.where(is_seen & (rng.random(len(due)) < 0.8), "Y", "N"),
    )


def reviews(register: Register, rng: np.random.Generator, spells: Spells) -> Records:
    """Reviews of children in care: the first within 20 working days, then 3 months, then every 6."""
    table = Records(person="i8", due="M8[D]", held="M8[D]", cancelled="O", participation="O")
    due = add_working_days(spells.start, 20)
    step = 3
    while True:
        rows = np.flatnonzero(due <= spells.until)
        if not len(rows):
            return table
        held = due[rows] + rng.integers(-10, 2, len(rows)).astype("m8[D]")
        held = np.maximum(held, spells.start[rows])
        young = age_on(register.people["born"][spells.person[rows]], held) < 4
        participation = draw_codes(
            rng, {"PN1": 60.0, "PN2": 8.0, "PN4": 5.0, "PN5": 7.0, "PN6": 12.0, "PN7": 8.0}, len(rows)
        )
        table.add(
            len(rows),
            person=spells.person[rows],
            due=due[rows],
            held=np.where(held <= spells.until[rows], held, NEVER),
            cancelled=draw_codes(rng, {"N": 97.0, "Y": 3.0}, len(rows)),
            participation=np.where(young, "PN0", participation),
        )
        due, step = add_months(due, step), 6


def missing_episodes(register: Register, rng: np.random.Generator, spells: Spells) -> Records:
    """Episodes: those of the plan, and others that its measures must not count."""
    table = Records(
        person="i8", start="M8[m]", end="M8[m]", kind="O", offered="O", accepted="O", interview="M8[D]"
    )
    outside = np.setdiff1d(register.cases["person"], spells.person)
    for quarter, target in register.plan:
        rows, _, _ = spells.within(quarter)
        older = age_on(register.people["born"][spells.person[rows]], quarter.start) >= 10
        rows_at_risk = rows[older] if older.any() else rows
        _add_missing_episodes(rng, table, spells, rows_at_risk, quarter=quarter, target=target)
        # Away from placement, and missing from home: neither is a missing episode of a child in care.
        away = pick_rows(rng, rows, min(1, target.missing))
        begun = uniform_days(rng, np.maximum(spells.start[away], quarter.start), quarter.end - 1)
        home = pick_rows(rng, outside, int(len(table) % 2 == 0))
        from_home = uniform_days(rng, np.full(len(home), quarter.start), quarter.end - 3)
        for person, day, kind in ((spells.person[away], begun, "A"), (home, from_home, "M")):
            start = _draw_minutes(rng, day)
            table.add(
                len(person), person=person, start=start, end=start + 130, kind=kind, offered="Y", accepted="N"
            )
    return table


def _add_missing_episodes(
    rng: np.random.Generator,
    table: Records,
    spells: Spells,
    rows: Ints,
    *,
    quarter: QuarterDays,
    target: Targets,
) -> None:
    """The quarter's missing episodes of children in care; some still open at its end."""
    at_end = rows[spells.in_care_on(quarter.end)[rows] & (spells.start[rows] < quarter.end - 10)]
    still = pick_rows(rng, at_end, min(target.missing_open, target.missing))
    start = _draw_minutes(rng, quarter.end - rng.integers(0, 7, len(still)))
    back = start + rng.integers(1500, 8000, len(still)) + 1440 * 7
    back = np.where(quarter.end == spells.last_day, np.datetime64("NaT", "m"), back)
    table.add(len(still), person=spells.person[still], start=start, end=back, kind="M")
    # One came back on the quarter's last day: not missing at its end, which compares dates.
    steady = rows[spells.in_care_on(quarter.start)[rows] & spells.in_care_on(quarter.end)[rows]]
    steady = np.setdiff1d(steady, still)
    rest = target.missing - len(still)
    if not len(steady):
        return
    on_the_day = pick_rows(rng, steady, int(rest - target.rhi_accepted > 0))
    end = (np.full(len(on_the_day), quarter.end)).astype("M8[m]") + 14 * 60 + 30
    returned = spells.person[on_the_day]
    table.add(len(returned), person=returned, start=end - 2 * 1440, end=end, kind="M", offered="N")
    person = spells.person[rng.choice(steady, rest - len(on_the_day))]
    start = _draw_minutes(rng, uniform_days(rng, np.full(len(person), quarter.start + 1), quarter.end - 9))
    end = start + rng.integers(90, 5000, len(person))
    is_accepted = np.arange(len(person)) < target.rhi_accepted
    is_offered = is_accepted | (rng.random(len(person)) < 0.7)
    table.add(
        len(person),
        person=person,
        start=start,
        end=end,
        kind="M",
        offered=np.where(is_offered, "Y", "N"),
        accepted=np.where(is_accepted, "Y", texts_where(is_offered, "N")),
        interview=np.where(is_accepted, end.astype("M8[D]") + rng.integers(1, 4, len(person)), NEVER),
    )


def _draw_minutes(rng: np.random.Generator, day: Days) -> Days:
    """A minute of each day, between seven in the morning and eleven at night."""
    minute = rng.integers(7 * 60, 23 * 60, len(day)).astype("m8[m]")
    return np.asarray(day.astype("M8[m]") + minute)
