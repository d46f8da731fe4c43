"""The children and young people of a council, with the facts that are the same in every list."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from cf_pipeline.contracts.dates.birthdays import birthday_of_days
from cf_pipeline.sample.system.days import NEVER, Days, Ints, uniform_days
from cf_pipeline.sample.system.records import Records, draw_codes

GENDERS = {"M": 50.0, "F": 48.0, "U": 1.5, "I": 0.5}
ETHNICITIES = {
    "WBRI": 30.0, "WIRI": 1.5, "WIRT": 0.5, "WOTH": 9.0, "WROM": 0.7, "MWBC": 4.0, "MWBA": 2.0,
    "MWAS": 2.0, "MOTH": 4.0, "AIND": 3.0, "APKN": 3.0, "ABAN": 12.0, "AOTH": 4.0, "BCRB": 5.0,
    "BAFR": 9.0, "BOTH": 3.0, "CHNE": 1.0, "OOTH": 4.0, "REFU": 1.0, "NOBT": 2.0,
}  # fmt: skip
DISABILITY = {"N": 88.0, "Y": 8.0, "U": 4.0}


def empty_people() -> Records:
    """An empty register of people."""
    return Records(
        gender="O",
        ethnicity="O",
        born="M8[D]",
        disability="O",
        is_uasc="b1",
        is_leaver="b1",  # left care at 16 or over: never again a child of the front door
        has_open_case="b1",
        last_closure="M8[D]",
    )


def add_people(people: Records, rng: np.random.Generator, born: Days) -> Ints:
    """Add a person for each date of birth; returns their row numbers."""
    # Nobody is born on 29 February: no figure of the sample hangs on docs/rulings.md#34.
    day = born.astype("M8[D]") - born.astype("M8[M]").astype("M8[D]")
    is_leap_day = (born.astype("M8[M]").astype(np.int64) % 12 == 1) & (day.astype(np.int64) == 28)
    count = len(born)
    return people.add(
        count,
        gender=draw_codes(rng, GENDERS, count),
        ethnicity=draw_codes(rng, ETHNICITIES, count),
        born=born - is_leap_day.astype("m8[D]"),
        disability=draw_codes(rng, DISABILITY, count),
        last_closure=NEVER,
    )


def draw_births(
    rng: np.random.Generator, on: np.datetime64, count: int, youngest: float = 0.0, oldest: float = 17.0
) -> Days:
    """Dates of birth of children aged `youngest` to `oldest` on the day, rather more of them young."""
    years = youngest + (oldest - youngest) * rng.beta(1.0, 1.15, count)
    return np.asarray(on - np.floor(years * 365.25).astype("m8[D]"), dtype="M8[D]")


def unborn(rng: np.random.Generator, on: np.datetime64, count: int) -> Days:
    """Expected dates of birth within five months after the day."""
    return uniform_days(rng, np.full(count, on + 20), on + 150)


def eighteenth_birthday(people: Records, rows: Ints) -> Days:
    """The day each person turns 18."""
    return birthday_of_days(people["born"][rows], 18)


def child_ids(rng: np.random.Generator, count: int) -> npt.NDArray[np.object_]:
    """Ids of the case system: seven digits, one in twelve with a leading zero, never ambiguous.

    Without its zero an id with a leading zero has six digits, so that no two ids become equal
    when somebody's spreadsheet strips zeros.
    """
    has_zero = rng.random(count) < 1 / 12
    whole = 1_000_000 + rng.choice(8_999_999, count, replace=False)
    short = 100_000 + rng.choice(899_999, int(has_zero.sum()), replace=False)
    ids = np.array([str(number) for number in whole.tolist()], dtype=object)
    ids[has_zero] = [f"0{number}" for number in short.tolist()]
    return ids
