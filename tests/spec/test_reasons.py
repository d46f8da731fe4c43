"""Why a figure is absent: the reason names the list or the column that is not there (docs/rulings.md#5)."""

import pytest

from tests.spec.casebook import Delivery, figures

Q3 = "2019/20 Q3"
CARE = {"children_in_care": [{"cla_start_date": "2019-01-01", "placement_type": "U6", "legal_status": "C2"}]}
NEED = {"children_in_need": [{"cin_start_date": "2019-01-01", "case_status": "CIN"}]}
VISITS = CARE | {"cla_visits": [{"cla_visit_date": "2019-11-01"}]}
CONTACTS = {"contacts": [{"contact_date": "2019-11-01", "contact_source": "1A"}]}
LEAVERS = {"care_leavers": [{"eligibility": "F", "in_touch": "Y", "activity_status": "F2"}]}

RECOGNISED = "under a header that is recognised."
NEVER = "The column {} of {} was not delivered "
AT_THE_END = "The delivery of {} for the period's end has no column {} " + RECOGNISED
NOT_ALL = "Not every delivery of {} for the period has a column {} " + RECOGNISED


def reason(kpi_id, *deliveries, quarter=Q3):
    facts = figures(*deliveries)
    rows = facts[facts["kpi_id"].eq(kpi_id) & facts["quarter_key"].eq(quarter) & facts["basis"].eq("quarter")]
    assert set(rows["symbol"]) == {"x"}
    return set(rows["reason"])


def delivery(as_at, lists, **without):
    return Delivery(as_at, lists, covers_from="2016-04-01", without=without)


@pytest.mark.parametrize(
    ("kpi_id", "lists", "list_name", "column", "header", "title"),
    [
        (
            "cla_placement_type",
            CARE,
            "children_in_care",
            "placement_type",
            "Placement Type",
            "Children in care",
        ),
        ("cla_stock", CARE, "children_in_care", "cla_end_date", "Date Ceased to be Looked After", None),
        ("cl_in_touch_pct", LEAVERS, "care_leavers", "in_touch", "LA in Touch", "Care leavers"),
        ("contacts_by_source", CONTACTS, "contacts", "contact_source", "Contact Source", "Contacts"),
    ],
)
def test_a_column_that_no_delivery_has_is_named(kpi_id, lists, list_name, column, header, title):
    expected = NEVER.format(header, title or "Children in care")
    expected += RECOGNISED
    assert reason(kpi_id, delivery("2019-12-31", lists, **{list_name: (column,)})) == {expected}


@pytest.mark.parametrize(
    ("kpi_id", "lists", "list_name", "column", "header", "title"),
    [
        (
            "cla_placement_type",
            CARE,
            "children_in_care",
            "placement_type",
            "Placement Type",
            "Children in care",
        ),
        ("cl_in_touch_pct", LEAVERS, "care_leavers", "in_touch", "LA in Touch", "Care leavers"),
        ("cin_open_stock", NEED, "children_in_need", "case_status", "Case Status", "Children in need"),
    ],
)
def test_a_column_that_the_delivery_of_the_day_lacks_is_no_missing_delivery(
    kpi_id, lists, list_name, column, header, title
):
    earlier = delivery("2019-09-30", lists)
    found = reason(kpi_id, earlier, delivery("2019-12-31", lists, **{list_name: (column,)}))
    assert found == {AT_THE_END.format(title, header)}


def test_a_column_that_some_deliveries_lack_is_no_period_that_is_not_covered():
    first = Delivery(
        "2019-11-30", CONTACTS, covers_from="2019-10-01", without={"contacts": ("contact_source",)}
    )
    second = Delivery("2019-12-31", CONTACTS, covers_from="2019-12-01")
    assert reason("contacts_by_source", first, second) == {NOT_ALL.format("Contacts", "Contact Source")}


def test_no_delivery_near_the_end_is_said_only_where_there_is_none():
    assert reason("cla_placement_type", delivery("2019-06-30", CARE), delivery("2020-02-28", CARE)) == {
        "No delivery of Children in care is dated within 31 days of the period's end."
    }


def test_a_period_that_the_list_does_not_cover_says_so():
    late = Delivery("2019-12-31", CONTACTS, covers_from="2019-11-01")
    assert reason("contacts_count", late) == {"The deliveries of Contacts do not cover the whole period."}


def test_a_list_that_was_not_delivered_says_so():
    assert reason("cla_stock", delivery("2019-12-31", CONTACTS)) == {
        "The list Children in care was not delivered."
    }
