"""Issues counted delivery by delivery."""

from __future__ import annotations

import pandas as pd
import pytest

from cf_pipeline.quality.trend import counts_by_delivery, is_newest


def manifest(*held: tuple[str, str], refused: str = "") -> pd.DataFrame:
    """One row for each (delivery, list); a delivery's name is its as-at date, whatever stands behind '_'."""
    rows = [
        {
            "delivery_id": delivery,
            "as_at": pd.Timestamp(delivery[:10]),
            "list": name,
            "status": "refused" if delivery == refused else "read",
            "is_delivery_refused": delivery == refused,
        }
        for delivery, name in held
    ]
    return pd.DataFrame(rows).astype({"list": "str"})


def issues(*found: tuple[str, str, int]) -> pd.DataFrame:
    """(delivery, list, how many) of one rule."""
    return pd.DataFrame(
        [
            {"delivery_id": delivery, "list": name, "rule": "r", "severity": "error", "rows": rows}
            for delivery, name, rows in found
        ],
        columns=["delivery_id", "list", "rule", "severity", "rows"],
    ).astype({"delivery_id": "str", "list": "str", "rule": "str", "severity": "str", "rows": "Int64"})


def counted(found: pd.DataFrame, received: pd.DataFrame) -> dict[tuple[str, str], tuple[int, int | None]]:
    rows = counts_by_delivery(found, received)
    return {
        (row.delivery_id, row.list): (row.issues, None if pd.isna(row.issues_before) else row.issues_before)
        for row in rows.itertuples()
    }


Q1, Q2, Q3 = "2019-06-30", "2019-09-30", "2019-12-31"
CONTACTS = "contacts"


def test_the_first_delivery_has_nothing_before_it() -> None:
    assert counted(issues((Q1, CONTACTS, 4)), manifest((Q1, CONTACTS))) == {(Q1, CONTACTS): (4, None)}


def test_an_issue_that_stands_for_many_rows_counts_as_many() -> None:
    found = issues((Q1, CONTACTS, 4), (Q1, CONTACTS, 1))
    assert counted(found, manifest((Q1, CONTACTS))) == {(Q1, CONTACTS): (5, None)}
    assert counted(found.drop(columns="rows"), manifest((Q1, CONTACTS))) == {(Q1, CONTACTS): (2, None)}


def test_a_delivery_that_arrives_late_takes_its_place_by_its_date() -> None:
    received = manifest((Q1, CONTACTS), (Q3, CONTACTS), (Q2, CONTACTS))
    found = issues((Q1, CONTACTS, 9), (Q3, CONTACTS, 2), (Q2, CONTACTS, 5))
    assert counted(found, received) == {
        (Q1, CONTACTS): (9, None),
        (Q2, CONTACTS): (5, 9),
        (Q3, CONTACTS): (2, 5),
    }


def test_the_same_date_delivered_twice_is_two_deliveries_one_after_the_other() -> None:
    received = manifest((Q1, CONTACTS), (f"{Q1}_again", CONTACTS))
    found = issues((Q1, CONTACTS, 3), (f"{Q1}_again", CONTACTS, 3))
    assert counted(found, received) == {(Q1, CONTACTS): (3, None), (f"{Q1}_again", CONTACTS): (3, 3)}


def test_a_list_is_compared_with_the_last_delivery_that_held_it() -> None:
    received = manifest((Q1, CONTACTS), (Q1, "referrals"), (Q2, "referrals"), (Q3, CONTACTS))
    found = issues((Q1, CONTACTS, 4), (Q3, CONTACTS, 1))
    assert counted(found, received)[(Q3, CONTACTS)] == (1, 4)


def test_a_list_that_is_not_delivered_again_is_not_mended() -> None:
    received = manifest((Q1, CONTACTS), (Q2, "referrals"))
    found = issues((Q1, CONTACTS, 4))
    assert counted(found, received) == {(Q1, CONTACTS): (4, None)}
    assert is_newest(found, received).tolist() == [True]


def test_a_rule_that_is_mended_says_so_once() -> None:
    received = manifest((Q1, CONTACTS), (Q2, CONTACTS), (Q3, CONTACTS))
    assert counted(issues((Q1, CONTACTS, 4)), received) == {(Q1, CONTACTS): (4, None), (Q2, CONTACTS): (0, 4)}


def test_a_refused_delivery_is_no_delivery_before() -> None:
    received = manifest((Q1, CONTACTS), (Q2, CONTACTS), (Q3, CONTACTS), refused=Q2)
    found = issues((Q1, CONTACTS, 4), (Q3, CONTACTS, 6))
    assert counted(found, received)[(Q3, CONTACTS)] == (6, 4)


@pytest.mark.parametrize(("delivery", "newest"), [(Q1, False), (Q2, True), ("", True)])
def test_an_issue_is_current_when_its_delivery_is_the_newest_of_its_list(delivery: str, newest: bool) -> None:
    received = manifest((Q1, CONTACTS), (Q2, CONTACTS))
    found = issues((delivery, CONTACTS, 1))
    assert is_newest(found, received).tolist() == [newest]
    rows = counts_by_delivery(found, received)
    assert rows.loc[rows["delivery_id"].eq(delivery), "is_newest"].tolist() == [newest]


def test_nothing_wrong_gives_no_rows() -> None:
    assert counts_by_delivery(issues(), manifest((Q1, CONTACTS))).empty
