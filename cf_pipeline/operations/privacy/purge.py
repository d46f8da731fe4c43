"""Purge cases that are past their retention: keep what they contributed to figures, and register them.

As with an erasure (`erase`), the register is the moment of the purge: from then on no run loads their rows,
and what a kill leaves undone the next run completes.
"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from cf_pipeline.contracts.authorities import authority
from cf_pipeline.history.pseudonym import pseudonymise
from cf_pipeline.operations.audit import access_log, record_action
from cf_pipeline.operations.privacy.contributions import find_contributions
from cf_pipeline.operations.privacy.ended_cases import EndedCases
from cf_pipeline.operations.privacy.new_holds import note_holds
from cf_pipeline.operations.privacy.pending_erasures import begin
from cf_pipeline.project.id_key import verified_id_key
from cf_pipeline.project.privacy.erasures import read_erasures, ready_people, write_erasures
from cf_pipeline.project.settings import Settings

PURGED = "purged"
"""What stands in the log of accesses in the place of the pseudonym of a child of whom nothing is left."""
BECAUSE = "past the retention"


def register_purge(settings: Settings, slug: str, cases: EndedCases, *, by: str) -> None:
    """Register cases as purged, with what they contributed; the next run carries it through the stores.

    Args:
        settings: the project's.
        slug: the authority's folder.
        cases: at least one, of what is loaded now.
        by: who decided it.
    """
    before = read_erasures(settings.data, slug)
    contributions = find_contributions(settings, slug, cases.ids_by_list, before)
    people = ready_people(settings.data, before.people)
    for name, ids in cases.ids_by_list.items():
        people = people.with_purge(name, ids, cases.purges[name])
    code, key = authority(slug).authority_code, verified_id_key(settings)
    pseudonyms = pseudonymise(pd.Series(cases.children, dtype="str"), code, key)
    begin(settings.data, slug, note_holds(settings, slug, by))
    access_log(settings.data).replace_texts(dict.fromkeys(map(str, pseudonyms), PURGED))
    write_erasures(
        settings.data,
        slug,
        replace(before, people=people, amounts=contributions.amounts, texts=contributions.texts),
    )
    record_action(settings.data, "purge", slug, by=by, because=BECAUSE, counts=cases.records)
