"""Dates of birth that were read and cannot be true hold their list (docs/rulings.md#22).

SAS counts days from 1960 and Unix from 1970; a workbook reads such a number as days from 1900, so that every
child is 60 or 70 years older and none is in care. Broken on purpose: without `_birth_doubts` the stock is 0.
"""

from __future__ import annotations

import datetime as dt

import pytest

from cf_pipeline.history.holds.hold import clean_accepted
from cf_pipeline.history.merge.core import merge_deliveries
from cf_pipeline.ingest.receive import receive_deliveries
from cf_pipeline.kpi.definitions.registry import load_registry
from cf_pipeline.kpi.measure.quarterly import measure_kpis
from tests.support.workbooks import AUTHORITY, deliver, full_table

EXCEL, SAS, UNIX = dt.date(1899, 12, 30), dt.date(1960, 1, 1), dt.date(1970, 1, 1)
CARE, LEAVERS, REFERRALS = "children_in_care", "care_leavers", "referrals"


def day_of(born: str, epoch: dt.date) -> dt.date:
    """The day that Excel shows for another program's number of a day."""
    return EXCEL + (dt.date.fromisoformat(born) - epoch)


def stock_and_holds(raw, list_name, kpi_id, births):
    records = [
        {
            "child_id": f"{700 + number}",
            "date_of_birth": born,
            "cla_start_date": dt.date(2019, 5, 1),
            "referral_date": dt.date(2019, 11, 1),
            "in_touch": "YES",
        }
        for number, born in enumerate(births)
    ]
    contact = {"child_id": "700", "contact_date": dt.date(2019, 11, 1)}
    sheets = {"Sheet1": full_table(list_name, *records), "Sheet2": full_table("contacts", contact)}
    deliver(raw, sheets, delivery="2018-04-01_2019-12-31")
    received = receive_deliveries(raw, AUTHORITY)
    found = clean_accepted(received.lists, received.manifest, received.findings, received.mapping)
    core = merge_deliveries(
        found.cleaned.lists, found.cleaned.quarantine, found.manifest, "E09000001", bytes(32)
    )
    facts = measure_kpis(core.tables, load_registry(), "E09000001", only=[kpi_id])
    is_asked = facts["quarter_key"].eq("2019/20 Q3") & facts["basis"].eq("quarter")
    totals = facts[is_asked & facts["breakdown"].eq("total")]
    value = totals["value"].dropna().sum() if totals["value"].notna().any() else None
    return value, found.held["reason"].tolist()


@pytest.mark.parametrize("epoch", [SAS, UNIX], ids=["SAS", "Unix"])
@pytest.mark.parametrize(
    ("list_name", "kpi_id", "title"),
    [
        (CARE, "cla_stock", "Children in care"),
        (LEAVERS, "cl_stock", "Care leavers"),
        (REFERRALS, "referrals_count", "Referrals"),
    ],
)
def test_births_by_another_programs_number_of_a_day_hold_the_list(raw, epoch, list_name, kpi_id, title):
    births = [day_of(born, epoch) for born in ("2003-02-01", "2002-11-12", "2002-06-30")]
    value, held = stock_and_holds(raw, list_name, kpi_id, births)
    assert value is None
    assert held == [f"{title}: 3 of the 3 dates in 'Date of Birth' are of no child"]


@pytest.mark.parametrize(
    ("births", "stock"),
    [
        # the child's date of birth                                                     counted
        ([dt.date(1943, 2, 1), dt.date(2010, 11, 12)], 1),  # one slip of two, told     the other
        ([dt.date(1943, 2, 1), dt.date(1942, 1, 1), dt.date(2010, 1, 1), dt.date(2011, 1, 1)], 2),
        ([dt.date(1943, 2, 1)], 0),  # one alone is a slip
        ([None, None], 2),  # blank is not wrong
    ],
    ids=["1 of 2", "2 of 4", "1 of 1", "blank"],
)
def test_up_to_half_of_them_are_slips_that_are_told(raw, births, stock):
    value, held = stock_and_holds(raw, CARE, "cla_stock", births)
    assert (value, held) == (stock, [])


def test_births_long_after_the_as_at_date_hold_the_list(raw):
    births = [dt.date(2073, 2, 1), dt.date(2072, 11, 12), dt.date(2010, 6, 30)]
    _, held = stock_and_holds(raw, CARE, "cla_stock", births)
    assert held == ["Children in care: 2 of the 3 dates in 'Date of Birth' are of no child"]
