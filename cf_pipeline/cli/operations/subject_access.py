"""`cf-pipeline subject-access`: everything that is held on one child, as a file."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

from cf_pipeline.cli.console import print_line
from cf_pipeline.operations.audit import record_action
from cf_pipeline.operations.privacy.subject_access import find_records
from cf_pipeline.project.private_files import write_private
from cf_pipeline.project.settings import Settings

OK = 0


def write_records(settings: Settings, slug: str, child_id: str, file: Path) -> int:
    """Write the records of a child to a private file (mode 0600) and say how many; returns the exit status.

    Raises:
        PlainError: nothing was written.
    """
    found = find_records(settings, slug, child_id)
    content = {
        "authority": slug,
        "child": child_id,
        "made_at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "stores": found,
    }
    count = sum(map(len, found.values()))
    record_action(settings.data, "subject access", slug, counts={"stores": len(found), "rows": count})
    write_private(file.resolve(), json.dumps(content, indent=1, ensure_ascii=False) + "\n")
    for store, rows in found.items():
        print_line(f"{store}: {len(rows):,}")
    print_line(
        f"{count:,} rows of {len(found):,} stores are in {file.resolve()}. Not in it: the delivered files "
        "themselves, earlier versions of the warehouse, and copies that people made."
    )
    return OK
