"""Files that people open: written aside, private, and put in place whole."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cf_pipeline.project.setup import private_folder


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """A name to write to; when the block ends well the file takes the place of `path`, mode 0600."""
    private_folder(path.parent)
    part = path.with_name(f".part-{path.name}")
    part.unlink(missing_ok=True)
    part.touch(mode=0o600)
    try:
        yield part
        part.chmod(0o600)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
