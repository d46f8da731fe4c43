"""What the report says of lists that are held, and of what counts because someone accepted it."""

from __future__ import annotations

from tests.support import publication_example as example
from tests.support.report_example import render_report
from tests.unit.outputs.report.report_page import Page

REASON = "Referrals lacks 20 of the 30 records that it should still hold"
ACCEPTED = f"{REASON}; it counts because A. Analyst accepted it on 2020-01-06: A team moved."


def page(**columns: str) -> Page:
    """The report of the example, every delivery read and with these columns."""
    tables = example.report_tables()
    changed = tables["delivery"].assign(status="read", **columns)
    return Page(render_report(tables | {"delivery": changed}))


def test_lists_that_are_held_are_told_with_the_reason() -> None:
    told = page(lists_held="referrals", reason=REASON)
    assert ("h3", "Lists left out") in told.headings
    assert REASON in told.text


def test_what_someone_accepted_is_told_with_who_when_and_why() -> None:
    told = page(accepted=ACCEPTED)
    assert ("h3", "Counted though in doubt") in told.headings
    assert ACCEPTED in told.text


def test_without_holds_and_acceptances_nothing_is_said_of_them() -> None:
    headings = {heading for _, heading in page().headings}
    assert not headings & {"Lists left out", "Counted though in doubt"}
