"""A delivery's folder that people name by a day is understood, or its file is refused with the right name."""

import datetime as dt

import pytest

from cf_pipeline.ingest.receive import receive_deliveries
from tests.support.workbooks import AUTHORITY, deliver, narrow_table

ROWS = narrow_table("contacts", {"child_id": "A1", "contact_date": dt.date(2019, 11, 5)})


@pytest.mark.parametrize("folder", ["31-12-2019", "2019.12.31", "20191231", "31 December 2019"])
def test_the_as_at_date_is_that_of_the_folder_as_people_write_it(raw, folder):
    deliver(raw, {"Contacts": ROWS}, delivery=folder)
    received = receive_deliveries(raw, AUTHORITY)
    assert received.refusals == []
    assert received.manifest[["delivery_id", "as_at"]].to_numpy().tolist() == [
        [folder, dt.datetime(2019, 12, 31)]  # noqa: DTZ001 - as-at dates have no zone
    ]


def test_a_folder_that_may_be_two_days_is_refused_with_the_names_to_choose_from(raw):
    deliver(raw, {"Contacts": ROWS}, delivery="05-12-2019")
    (refusal,) = receive_deliveries(raw, AUTHORITY).refusals
    assert "05-12-2019/annex_a.xlsx: the delivery has no as-at date" in refusal
    assert "rename the folder to 2019-05-12 or 2019-12-05" in refusal


def test_a_date_in_the_file_s_name_decides_where_the_folder_does_not(raw):
    deliver(raw, {"Contacts": ROWS}, delivery="05-12-2019", name="contacts 2019-12-05.xlsx")
    received = receive_deliveries(raw, AUTHORITY)
    assert received.refusals == []
    assert received.manifest["as_at"].tolist() == [dt.datetime(2019, 12, 5)]  # noqa: DTZ001 - as-at dates have no zone
