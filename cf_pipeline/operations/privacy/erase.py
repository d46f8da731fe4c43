"""Erase children: keep what they contributed to figures, register them, and let the next run leave them out.

The register is the moment of the erasure: from then on no run loads the children, and what a kill leaves
undone the next run completes (`pending_erasures`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from cf_pipeline.contracts.authorities import authority
from cf_pipeline.history.pseudonym import pseudonymise
from cf_pipeline.operations.audit import access_log, record_action
from cf_pipeline.operations.privacy.child_rows import (
    ChildError,
    children_lists,
    ingested_rows,
    people_of,
    read_child_ids,
)
from cf_pipeline.operations.privacy.contributions import find_contributions
from cf_pipeline.operations.privacy.new_holds import note_holds
from cf_pipeline.operations.privacy.pending_erasures import begin
from cf_pipeline.operations.privacy.raw_files import remove_from_files
from cf_pipeline.project.id_key import verified_id_key
from cf_pipeline.project.privacy.erasures import read_erasures, ready_people, write_erasures
from cf_pipeline.project.settings import Settings

ERASED = "erased"
"""What stands in the log of accesses in the place of the pseudonym of an erased child."""


@dataclass(frozen=True)
class Erasure:
    """What was registered.

    `children`: how many. `rows`: how many rows of them were loaded, by list. `files_changed`: delivered files
    from which they were removed. `files_left`: sentence by file that may still hold them.
    """

    children: int
    rows: Mapping[str, int]
    files_changed: Sequence[Path] = ()
    files_left: Mapping[Path, str] | None = None


def register_erasure(
    settings: Settings, slug: str, child_ids: Sequence[str], *, because: str, by: str, from_raw: bool = False
) -> Erasure:
    """Register children as erased, with what they contributed; the next run carries it through the stores.

    Args:
        settings: the project's.
        slug: the authority's folder.
        child_ids: of the case system.
        because: why, without naming a child.
        by: who decided it.
        from_raw: remove their rows from the delivered files too.

    Raises:
        ChildError: the name or the reason is blank, or a child is not held; nothing was done.
    """
    if not because.strip() or not by.strip():
        raise ChildError("Say who decided the erasure (--by NAME) and why (--because TEXT).")
    ids = read_child_ids(settings, slug, child_ids)
    rows, held = ingested_rows(settings, slug, ids)
    absent = [number for number, each in enumerate(ids, 1) if each not in held]
    if absent:
        raise ChildError(
            f"{slug}: of {len(ids)} children number {', '.join(map(str, absent))} is in no delivery that is "
            "loaded; check the id and the authority; nothing was done."
        )
    before = read_erasures(settings.data, slug)
    contributions = find_contributions(settings, slug, dict.fromkeys(children_lists(), ids), before)
    people = ready_people(settings.data, before.people)
    for child_id in ids:
        people = people.with_child(child_id)
    begin(settings.data, slug, note_holds(settings, slug, by.strip()))
    access_log(settings.data).replace_texts(dict.fromkeys(_pseudonyms(settings, slug, ids), ERASED))
    write_erasures(
        settings.data,
        slug,
        replace(before, people=people, amounts=contributions.amounts, texts=contributions.texts),
    )
    changed, left = remove_from_files(settings, slug, people_of(slug, ids), ids) if from_raw else ([], {})
    counts = {name: len(own) for name, own in rows.items()}
    record_action(
        settings.data,
        "erase",
        slug,
        by=by.strip(),
        because=because.strip(),
        counts={"children": len(ids), "rows": sum(counts.values()), "files changed": len(changed)},
    )
    return Erasure(len(ids), counts, changed, left)


def _pseudonyms(settings: Settings, slug: str, child_ids: Sequence[str]) -> list[str]:
    code, key = authority(slug).authority_code, verified_id_key(settings)
    return [str(each) for each in pseudonymise(pd.Series(child_ids, dtype="str"), code, key)]
