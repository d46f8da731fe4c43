"""The figures of each quarter of a synthetic council: the targets that the generator meets.

Belongs here: the paper's plan (a data table) and plans drawn at random.
Does not belong here: children, dates, files.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from cf_pipeline.sample.system.days import Ints, QuarterDays, quarters_of_years

FIRST_REPORTED_YEAR = 2019
"""The financial year with quarterly deliveries; a long extract holds the years before it."""

QUARTERS_DELIVERED = 3


@dataclass(frozen=True)
class Targets:
    """The figures of one quarter. Stocks are at its last day; -1 leaves a figure to chance."""

    contacts: int
    contacts_late: int  # not completed within one working day
    referrals: int
    early_help: int
    assess_started: int
    assess_completed: int
    assess_late: int  # authorised after 45 working days
    s47_only: int  # enquiries without a conference
    icpc_extra: int  # conferences that led to no plan
    icpc_late: int  # conferences after 15 working days
    cin: int
    cin_starts: int
    cin_recent: int  # open six months or less
    cpp: int
    cpp_starts: int
    cpp_12_24: int  # plans of 12 to under 24 months
    cla: int
    cla_starts: int
    cla_3plus: int  # only the last quarter's is met exactly
    visits: int  # visits due
    visits_late: int
    missing: int
    missing_open: int
    rhi_accepted: int
    leavers: int
    eet: int
    suitable: int
    plan_late: int  # only the last quarter's is met exactly
    touch_late: int
    short_breaks: int  # disabled children new to short breaks in the financial year


Plan = tuple[tuple[QuarterDays, Targets], ...]

# Columns in the order of Targets. 2018/19 and 2019/20 are the committee paper's figures (seed
# headlines 1a to 8e) and City of London's published ones; earlier years are of the same size.
_PAPER = """
2016/17 Q1  70  6 18 6 14 13 3  4 1 0 20 8 -1 4 2 -1 12 3 1 30 3 1 0 1 18 14 17 2 1 4
2016/17 Q2  72  7 20 5 15 15 3  5 1 0 21 8 -1 5 2 -1 12 3 1 30 2 2 0 1 18 13 17 2 2 1
2016/17 Q3  75  6 23 7 17 16 3  5 1 1 21 8 -1 5 1 -1 11 2 0 28 2 1 0 0 19 14 17 1 2 0
2016/17 Q4  78  5 19 6 15 15 2  4 0 0 22 8 -1 4 1 -1 12 3 1 30 3 3 1 1 19 15 18 2 1 0
2017/18 Q1  74  6 22 6 16 15 3  5 1 0 22 8 -1 5 2 -1 11 2 1 28 2 1 0 0 20 15 18 2 2 4
2017/18 Q2  79  7 19 7 14 15 3  4 1 0 21 7 -1 6 2 -1 10 2 0 26 1 2 0 1 20 16 19 1 1 0
2017/18 Q3  81  6 24 5 17 16 4  6 1 1 22 9 -1 6 2 -1 11 3 1 28 3 2 0 2 21 16 19 2 2 1
2017/18 Q4  76  5 21 7 16 16 3  5 2 0 22 8 -1 6 2 -1 10 2 1 26 2 1 0 0 21 17 20 2 1 0
2018/19 Q1  78  5 19 7 14 15 3  3 0 0 22 8 -1 6 2 -1 12 6 1 32 2 2 0 1 22 17 20 2 2 4
2018/19 Q2  84  5 21 6 16 16 3  3 1 0 23 8 -1 7 3 -1 15 8 2 38 3 3 0 2 22 18 21 1 1 1
2018/19 Q3  80  6 20 7 16 16 3  2 1 0 22 8 -1 7 3 -1 18 7 2 46 3 2 1 1 21 17 20 2 1 0
2018/19 Q4  82  5 21 7 16 16 3  2 1 0 23 8 -1 6 2 -1 20 7 2 52 3 3 0 1 22 18 21 2 2 1
2019/20 Q1  80  5 18 5 15 15 3  4 1 0 26 9 -1 5 1 -1 22 6 3 60 4 3 1 1 23 19 22 1 2 4
2019/20 Q2  90  5 23 4 16 16 3  4 1 1 27 9 -1 4 0 -1 24 6 3 66 4 2 0 1 24 20 23 1 1 0
2019/20 Q3  77  7 33 6 20 19 4  5 2 0 28 9 18 4 1  3 27 7 4 77 2 4 1 2 26 22 26 0 0 1
"""


def paper_plan(years: int = 3) -> Plan:
    """The committee report's plan with `years` financial years before 2019/20.

    Further years back repeat the earliest year of the table, so that quarterly figures exist there.
    """
    table = [[int(cell) for cell in line.split()[2:]] for line in _PAPER.strip().splitlines()]
    count = 4 * years + QUARTERS_DELIVERED
    while len(table) < count:
        table = table[:4] + table
    quarters = quarters_of_years(FIRST_REPORTED_YEAR - years, count)
    return tuple((quarter, Targets(*row)) for quarter, row in zip(quarters, table[-count:], strict=True))


def random_plan(rng: np.random.Generator, years: int, children: int) -> Plan:
    """A plan for a council that knows roughly `children` children over the whole time.

    Trends, ties, small numbers and zero denominators all occur: each series takes its own
    shape over the last quarters.
    """
    count = 4 * years + QUARTERS_DELIVERED
    figures = _draw_counts(rng, years, children)
    figures |= _draw_parts(rng, figures, years, children)
    table = np.column_stack([figures[field.name] for field in fields(Targets)])
    quarters = quarters_of_years(FIRST_REPORTED_YEAR - years, count)
    rows = [Targets(*(int(cell) for cell in row)) for row in table]
    return tuple(zip(quarters, rows, strict=True))


def _draw_counts(rng: np.random.Generator, years: int, children: int) -> dict[str, Ints]:
    """The counts of each quarter of which other figures are parts, by name of the target."""
    count = 4 * years + QUARTERS_DELIVERED
    contacts = _series(rng, count, children / (2.8 * (years + 1.4)))
    referrals = np.minimum(_series(rng, count, float(contacts.mean() * rng.uniform(0.15, 0.45))), contacts)
    started = np.minimum(_series(rng, count, float(referrals.mean() * rng.uniform(0.5, 0.85))), referrals)
    completed = np.maximum(started + rng.integers(-1, 2, count), 0)
    cin = _series(rng, count, children * rng.uniform(0.02, 0.05))
    cla = _series(rng, count, children * rng.uniform(0.015, 0.035))
    cpp = _series(rng, count, children * rng.uniform(0.004, 0.012))
    cpp_starts, icpc_extra = rng.binomial(cpp, 0.3), rng.poisson(_mean_conferences(started), count)
    if rng.random() < 0.35:  # a quarter without a conference: its percentage has no denominator
        cpp_starts[-1] = icpc_extra[-1] = 0
        cpp[-1] = min(cpp[-1], cpp[-2])
    leavers = _series(rng, count, children * rng.uniform(0.015, 0.04))
    missing = rng.poisson(cla * 0.1)
    return {
        "contacts": contacts,
        "referrals": referrals,
        "assess_started": started,
        "assess_completed": completed,
        "icpc_extra": icpc_extra,
        "cin": cin,
        "cpp": cpp,
        "cpp_starts": cpp_starts,
        "cla": cla,
        "leavers": leavers,
        "missing": missing,
        "missing_open": rng.binomial(np.minimum(missing, 3), 0.25),
        "visits": np.rint(cla * rng.uniform(2.0, 2.8)).astype(np.int64),
    }


def _draw_parts(
    rng: np.random.Generator, counts: dict[str, Ints], years: int, children: int
) -> dict[str, Ints]:
    """The figures that are parts of the counts, or follow from their size."""
    contacts, completed, cin = counts["contacts"], counts["assess_completed"], counts["cin"]
    cla, visits, leavers = counts["cla"], counts["visits"], counts["leavers"]
    conferences = counts["cpp_starts"] + counts["icpc_extra"]
    count = len(contacts)
    return {
        "contacts_late": rng.binomial(contacts, rng.uniform(0.02, 0.25)),
        "early_help": _series(rng, count, float(contacts.mean() * rng.uniform(0.05, 0.2))),
        "assess_late": rng.binomial(completed, rng.uniform(0.05, 0.3)),
        "s47_only": rng.poisson(_mean_conferences(counts["assess_started"]) * 1.5, count),
        "icpc_late": rng.binomial(conferences, 0.15),
        "cin_starts": rng.binomial(cin, rng.uniform(0.25, 0.5)),
        "cin_recent": np.full(count, -1),
        "cpp_12_24": np.full(count, -1),
        "cla_starts": rng.binomial(cla, 0.2),
        "cla_3plus": rng.binomial(cla, rng.uniform(0.0, 0.2)),
        "visits_late": rng.binomial(visits, rng.uniform(0.0, 0.2)),
        "rhi_accepted": rng.binomial(counts["missing"] - counts["missing_open"], 0.6),
        "eet": rng.binomial(leavers, rng.uniform(0.5, 0.95)),
        "suitable": rng.binomial(leavers, rng.uniform(0.8, 1.0)),
        "plan_late": rng.binomial(leavers, rng.choice([0.0, 0.15])),
        "touch_late": rng.binomial(leavers, rng.choice([0.0, 0.15])),
        "short_breaks": rng.poisson(
            np.tile([3.0, 0.7, 0.7, 0.4], years + 1)[:count] * max(children / 600, 0.4)
        ),
    }


def _mean_conferences(assess_started: Ints) -> float:
    """Conferences of a quarter that follow from the number of assessments."""
    return max(float(assess_started.mean() * 0.12), 0.6)


_SHAPES: dict[str, tuple[float, float, float, float]] = {
    "level": (1.0, 1.0, 1.0, 1.0),
    "rising": (0.75, 0.85, 1.0, 1.3),
    "falling": (1.25, 1.15, 1.0, 0.75),
    "peak": (1.0, 0.95, 0.9, 1.35),
    "dip": (1.1, 1.0, 1.25, 0.7),
    "middle": (1.0, 0.8, 1.3, 1.0),
}


def _series(rng: np.random.Generator, count: int, level: float) -> Ints:
    """A series of counts around `level`, its last four quarters in one of the shapes."""
    values = level * np.exp(rng.normal(0, 0.12, count))
    shape = np.array(_SHAPES[str(rng.choice(list(_SHAPES)))])
    equal = rng.random() < 0.2
    values[-4:] = level * shape * np.exp(rng.normal(0, 0.0 if equal else 0.06, 4))
    if level < 4:
        return np.asarray(rng.poisson(values), dtype=np.int64)
    return np.asarray(np.rint(values), dtype=np.int64)
