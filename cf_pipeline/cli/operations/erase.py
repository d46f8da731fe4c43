"""`cf-pipeline erase`: erase children from every store; published counts stay."""

from __future__ import annotations

from collections.abc import Sequence

from cf_pipeline.cli.console import print_line
from cf_pipeline.cli.operations.between_runs import complete_registered, no_run_under_way
from cf_pipeline.cli.start_run import start_run
from cf_pipeline.operations.privacy.child_rows import authority_mapping
from cf_pipeline.operations.privacy.erase import Erasure, register_erasure
from cf_pipeline.operations.privacy.pending_erasures import unfinished_authorities
from cf_pipeline.project.settings import Settings

OK, FAILED, REFUSED = 0, 1, 2


def erase_children(
    settings: Settings, slug: str, child_ids: Sequence[str], *, because: str, by: str, from_raw: bool
) -> int:
    """Register the erasure, run what it changes, and say what was done; returns the exit status.

    Raises:
        PlainError: nothing was done.
    """
    if not complete_registered(settings):
        return FAILED
    with no_run_under_way(settings):
        authority_mapping(settings, slug)
        made = register_erasure(settings, slug, child_ids, because=because, by=by, from_raw=from_raw)
    for line in _lines(made):
        print_line(line)
    status = start_run(settings)
    if slug in unfinished_authorities(settings.data):
        print_line(
            f"The erasure is registered and not yet carried through every store, because {slug} could not be "
            "run: put right what the run names, then `cf-pipeline run` completes it.",
            error=True,
        )
        return FAILED
    print_line(
        "Erased from every table, kept result, report and published record. No earlier version of the "
        "warehouse is kept; there is one to go back to from the next publication on."
    )
    return REFUSED if made.files_left else status


def _lines(erasure: Erasure) -> list[str]:
    children = "1 child" if erasure.children == 1 else f"{erasure.children:,} children"
    lines = [
        f"Registered: {children} with {sum(erasure.rows.values()):,} rows in {len(erasure.rows):,} lists; "
        "what they contributed to figures is kept as amounts without a person."
    ]
    lines += [f"Removed from {path}" for path in erasure.files_changed]
    lines += [f"Left: {path}: {sentence}." for path, sentence in (erasure.files_left or {}).items()]
    return lines
