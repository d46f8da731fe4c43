"""The last versions of a DuckDB warehouse, kept beside it: `versions/<number>/` has the files of each.

They are hard links to the files that were published, so that nothing is copied. The files themselves say
which version is shown: those of its folder are the files of the warehouse. A folder with a higher number was
shown before a rollback, or its publication was killed before it was shown; the next publication removes it.

Where the disk has no hard links, no version is kept.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from cf_pipeline.warehouse.dialects.database import NO_EARLIER_VERSION, NOTHING_PUBLISHED
from cf_pipeline.warehouse.dialects.duckdb.faults import check_bytes
from cf_pipeline.warehouse.errors import WarehouseError

FOLDER = "versions"
MOST_KEPT = 3
"""The version that is shown and the two before it."""
NO_LINKS = frozenset({errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK})
"""What the system says where a disk has no hard links, or none more for this file."""


@dataclass(frozen=True)
class DuckDbVersions:
    """The kept versions of the files of a warehouse, which lie in one folder."""

    files: Sequence[Path]

    def numbers(self) -> list[int]:
        """The number of every folder, lowest first."""
        return sorted(int(folder.name) for folder in self._folders())

    def shown_number(self) -> int | None:
        """The number of the version that is shown, the lower where the files are of two; None if unknown."""
        there = [file for file in self.files if file.exists()]
        found = [self._number_of(file) for file in there]
        known = [number for number in found if number is not None]
        return min(known) if known and len(known) == len(there) else None

    def file(self, number: int, file: Path) -> Path:
        """Where the file of the warehouse is kept in a version."""
        return file.parent / FOLDER / str(number) / file.name

    def is_complete(self, number: int) -> bool:
        """Whether the version has all files."""
        return all(self.file(number, file).is_file() for file in self.files)

    def remove_unshown(self) -> None:
        """Remove what was withdrawn, and what was never shown."""
        shown = self.shown_number()
        if shown is not None:
            self._remove(number for number in self.numbers() if number > shown)

    def add(self, number: int, new_file_by_file: Mapping[Path, Path]) -> None:
        """Keep new files as a version, before they replace the old ones.

        Raises:
            OSError: the folder cannot be written.
        """
        for file, new in new_file_by_file.items():
            link = self.file(number, file)
            for folder in (link.parent.parent, link.parent):
                folder.mkdir(exist_ok=True, mode=0o700)
            link.unlink(missing_ok=True)
            if not link_file(new, link):
                self._remove([number])
                return

    def sweep(self, number: int) -> None:
        """Remove all but the newest versions up to this one, which is shown."""
        kept = [each for each in self.numbers() if each <= number]
        self._remove(kept[:-MOST_KEPT])

    def forget_others(self) -> None:
        """Remove every version but the one that is shown, and files that could not be read."""
        shown = self.shown_number()
        self._remove(number for number in self.numbers() if number != shown)
        for file in self.files:
            for aside in file.parent.glob(f"{file.name}.unreadable-*"):
                aside.unlink(missing_ok=True)

    def earlier(self, schemas: Sequence[str]) -> int:
        """The number of the newest version before the one that is shown, all of whose files can be read.

        Where the files that are shown are of two versions, or one cannot be read, the lower version counts.

        Args:
            schemas: that of each file.

        Raises:
            WarehouseError: nothing is published, or no such version is kept.
        """
        # By its other name: that of the warehouse may be open in this process, with other settings.
        links = {file: self._number_of(file) for file in self.files if file.exists()}
        files = [self.file(number, file) if (number := links.get(file)) else file for file in self.files]
        shown = self._publications(files, schemas)
        numbers = [found[0] for found in shown if found is not None]
        if not numbers:
            raise WarehouseError(NOTHING_PUBLISHED)
        highest = numbers[0] - 1 if len(set(shown)) == 1 else min(numbers)
        for number in reversed(self.numbers()):
            if number <= highest and self.is_complete(number):
                found = set(self._publications([self.file(number, file) for file in self.files], schemas))
                if len(found) == 1 and None not in found:
                    return number
        raise WarehouseError(NO_EARLIER_VERSION)

    def _publications(self, files: Sequence[Path], schemas: Sequence[str]) -> list[tuple[int, str] | None]:
        return [publication_of(file, schema) for file, schema in zip(files, schemas, strict=True)]

    def _number_of(self, file: Path) -> int | None:
        for number in reversed(self.numbers()):
            link = self.file(number, file)
            if link.exists() and link.samefile(file):
                return number
        return None

    def _folders(self) -> Iterator[Path]:
        for folder in {file.parent / FOLDER for file in self.files}:
            if folder.is_dir():
                yield from (each for each in folder.iterdir() if each.name.isascii() and each.name.isdigit())

    def _remove(self, numbers: Sequence[int] | Iterator[int]) -> None:
        for number in numbers:
            for folder in {self.file(number, file).parent for file in self.files}:
                shutil.rmtree(folder, ignore_errors=True)


def link_file(file: Path, link: Path) -> bool:
    """Give a file a second name; false where the disk cannot.

    Raises:
        OSError: anything else.
    """
    try:
        os.link(file, link)
    except OSError as error:
        if error.errno not in NO_LINKS:
            raise
        return False
    return True


def publication_of(file: Path, schema: str) -> tuple[int, str] | None:
    """The number and the run of the publication in a file; None when it is not there or cannot be read."""
    try:
        check_bytes(file)
        with duckdb.connect(file, read_only=True) as connection:
            row = connection.execute(f'SELECT version, run_id FROM "{schema}".publication').fetchone()  # noqa: S608
    except (duckdb.Error, OSError, WarehouseError):
        return None
    return None if row is None else (int(row[0]), str(row[1]))
