"""Finds the page of the child with a case system's id, and says when there is none."""

from __future__ import annotations

from cf_pipeline.dashboard.content import Link
from cf_pipeline.dashboard.page import PageError
from cf_pipeline.dashboard.pages.records.rows.reading import own_rows
from cf_pipeline.dashboard.visit import NOT_FOUND, Visit


def find_child(visit: Visit, text: str) -> str:
    """The address of the page of the child with a case id, which holds the pseudonym alone.

    Raises:
        PageError: nobody with that id is among those that the reader may see.
    """
    case_id = text.replace("\0", "").strip()
    wanted = sorted({case_id, case_id.upper(), case_id.lower()})
    found = visit.read_records({"person": own_rows(visit, child_id=wanted)})["person"]
    if len(found) > 1:
        found = found[found["child_id"].eq(case_id)]
    if len(found) != 1:
        raise no_child(visit)
    return visit.href("child", person_ref=str(found["person_ref"].iloc[0]))


def no_child(visit: Visit) -> PageError:
    """The error of a child that is not there, or that the reader may not see: the two look alike."""
    return PageError(
        NOT_FOUND,
        "There is no such child",
        "None of the children whose records you may see is that one; look at how the case system writes "
        "the id.",
        (Link("Today's lists", visit.href("today")), Link("To the overview", "/")),
    )
