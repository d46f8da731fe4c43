"""The audiences of a release: in which order, in which schema, and in words."""

from __future__ import annotations

from cf_pipeline.disclosure.policy import COMMITTEE as FOR_COMMITTEE
from cf_pipeline.disclosure.policy import PUBLIC as FOR_PUBLIC
from cf_pipeline.warehouse.tables.schemas import COMMITTEE, PUBLIC

AUDIENCES = {FOR_COMMITTEE: COMMITTEE, FOR_PUBLIC: PUBLIC}
"""The schema of each audience, in the order in which figures are made: the public's after the committee's."""
WORDS = {FOR_COMMITTEE: "the committee", FOR_PUBLIC: "the public"}
