"""Files that their owner alone may read, put in place whole: a reader sees the old file or the new one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def private_folder(path: Path) -> Path:
    """The folder, made with every missing parent for its owner alone (mode 0700)."""
    for folder in [*reversed(path.parents), path]:
        if not folder.exists():
            folder.mkdir(mode=0o700, exist_ok=True)
    return path


@contextmanager
def replacement(path: Path) -> Iterator[Path]:
    """A temporary file beside `path` to write to; when the block ends well it takes the place of `path`.

    The file has mode 0600 from the start. When the block fails, `path` stays as it was.
    """
    private_folder(path.parent)
    part = path.with_name(f".part-{path.name}")
    part.unlink(missing_ok=True)
    part.touch(mode=0o600, exist_ok=False)
    try:
        yield part
        part.chmod(0o600)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def write_private(path: Path, content: str | bytes) -> None:
    """Put a file in place whole, mode 0600; text is written as UTF-8."""
    with replacement(path) as part:
        part.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
