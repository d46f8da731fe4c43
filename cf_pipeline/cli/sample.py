"""`cf-pipeline sample`: write deliveries of the synthetic case system into the drop zone."""

from __future__ import annotations

import argparse

from cf_pipeline.cli.console import print_line
from cf_pipeline.errors import PlainError
from cf_pipeline.ingest.deliveries import delivered_files
from cf_pipeline.ingest.receive import find_authorities
from cf_pipeline.project.settings import Settings
from cf_pipeline.sample import DEFAULT_SEED, write_sample


class SampleError(PlainError):
    """An option from which no sample can be made."""


def write_sample_deliveries(settings: Settings, options: argparse.Namespace) -> int:
    """Write the deliveries and print where; with `--if-empty` only when the drop zone holds no file."""
    raw = settings.raw if options.to is None else options.to.resolve()
    if options.if_empty and any(delivered_files(raw, name)[0] for name in find_authorities(raw)):
        return 0
    reason = ""
    try:
        folders = write_sample(
            raw,
            authorities=options.authorities,
            years=options.years,
            children=options.children,
            seed=DEFAULT_SEED if options.seed is None else options.seed,
            layout=options.layout,
            extension=options.extension,
        )
    except ValueError as error:
        reason = str(error)
    if reason:
        raise SampleError(f"{reason}.".replace("..", "."))
    councils = {folder.parent.name for folder in folders}
    print_line(
        f"Wrote {len(folders)} synthetic deliveries of {len(councils)} "
        f"council{'s' if len(councils) > 1 else ''} into {raw} (no real child is in them)."
    )
    return 0
