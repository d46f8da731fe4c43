"""The names of workers that a list may show: those that the council's mapping gives, and no other.

Of what was read no name is kept: a worker is a pseudonym, and the same is made of a name in the mapping.
"""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from cf_pipeline.clean.values.scalars import parse_worker
from cf_pipeline.errors import escape_invisible
from cf_pipeline.history.merge.delivered_rows import worker_pseudonyms


def worker_names(names: Collection[str], authority_code: str, id_key: bytes) -> dict[str, str]:
    """The name of each worker of the mapping, by pseudonym.

    Args:
        names: the names in the mapping, as they are written in files; order and case do not matter.
        authority_code: GSS code, part of every pseudonym.
        id_key: the key of the pseudonyms.
    """
    ordered = sorted(names)
    if not ordered:
        return {}
    digests = pd.Series([parse_worker(name)[0] for name in ordered], dtype="str")
    refs = worker_pseudonyms(digests, authority_code, id_key)
    return {ref: escape_invisible(name) for ref, name in zip(refs, ordered, strict=True) if not pd.isna(ref)}
