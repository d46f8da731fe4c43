"""The editions of the report: who may read each, and which schema of the warehouse its figures come from.

An edition is data: the policy that hides small numbers made its schema. Adding one is an entry here.
"""

from __future__ import annotations

from cf_pipeline.outputs.report.model import ReportEdition
from cf_pipeline.outputs.report.words import phrase


def _edition(name: str, schema: str) -> ReportEdition:
    return ReportEdition(name, schema, phrase("editions", f"{name}_banner"))


INTERNAL = _edition("internal", "published_v1")
COMMITTEE = _edition("committee", "committee_v1")
PUBLIC = _edition("public", "public_v1")
EDITIONS = {edition.name: edition for edition in (INTERNAL, COMMITTEE, PUBLIC)}
"""By name."""
