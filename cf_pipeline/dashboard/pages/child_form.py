"""The form in which a reader looks for a child by the case system's id, which never stands in an address."""

from __future__ import annotations

from cf_pipeline.dashboard.content import Field, Form
from cf_pipeline.dashboard.visit import Visit

LOOKUP = "find_child"


def child_form(visit: Visit) -> Form:
    """The form that sends a case id, apart from the address."""
    field = Field("text", "Case id of a child", "", hint="As the case system writes it")
    return Form("Find a child", (field,), "Find", action=visit.href(LOOKUP), is_sent_apart=True)
