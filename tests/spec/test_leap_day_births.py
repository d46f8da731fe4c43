"""The birthday of a child born on 29 February, by example: docs/rulings.md#34.

The child below is born on 29 February 2000 and turns 18 on 1 March 2018.
"""

from __future__ import annotations

import pandas as pd
import pytest

from cf_pipeline.history.derived.care import care_spells
from tests.spec.casebook import Delivery, core, figure, figures

BORN = {"date_of_birth": pd.Timestamp("2000-02-29")}
COVERS = "2016-04-01"


def delivery(as_at: str, **lists) -> Delivery:
    return Delivery(as_at, {"contacts": [], **lists}, covers_from=COVERS)


@pytest.mark.parametrize(("start", "entries"), [("2018-02-28", 1), ("2018-03-01", 0)])
def test_who_enters_care_on_28_february_is_17_and_on_1_march_is_an_adult(start, entries):
    facts = figures(delivery("2018-03-31", children_in_care=[{"cla_start_date": start, **BORN}]))
    assert figure(facts, "cla_started_count", "2017/18 Q4")[0] == entries


@pytest.mark.parametrize(("as_at", "is_open"), [("2018-02-28", True), ("2018-03-01", False)])
def test_care_lasts_up_to_the_birthday_and_not_on_it(as_at, is_open):
    row = {"cla_start_date": "2017-05-01", **BORN}
    spells = care_spells(core(delivery("2018-03-31", children_in_care=[row])).tables)
    assert spells["end"].tolist() == [pd.Timestamp("2018-03-01")]
    assert bool(spells["end"].gt(pd.Timestamp(as_at)).item()) == is_open


@pytest.mark.parametrize(("day", "band"), [("2018-02-28", "16-17"), ("2018-03-01", "18+")])
def test_the_age_band_of_an_event_changes_on_1_march(day, band):
    facts = figures(delivery("2018-03-31", contacts=[{"contact_date": day, **BORN}]))
    assert figure(facts, "contacts_count", "2017/18 Q4", breakdown="age_band", category=band)[0] == 1


@pytest.mark.parametrize(("end", "is_told"), [("2018-03-01", False), ("2018-03-02", True)])
def test_care_up_to_the_birthday_is_no_care_of_an_adult(end, is_told):
    row = {"cla_start_date": "2017-05-01", "cla_end_date": end, **BORN}
    issues = core(delivery("2018-03-31", children_in_care=[row])).issues
    assert issues["rule"].eq("adult_in_care").any() == is_told
