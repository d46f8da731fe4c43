"""One partition an authority: a folder in `raw/` makes one."""

from __future__ import annotations

import dagster as dg

from assets.support.refusals import refusal
from cf_pipeline.contracts.authorities import authority

AUTHORITY = "authority"

authorities = dg.DynamicPartitionsDefinition(name=AUTHORITY)


def authority_code(slug: str) -> str:
    """The GSS code of an authority's folder; a refusal in one plain sentence when there is none."""
    try:
        return authority(slug).authority_code
    except KeyError as error:
        sentence = str(error.args[0])
    raise refusal(sentence)
