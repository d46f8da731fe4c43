"""The results of one authority in the lake: found by key, written whole, swept when nothing uses them."""

from __future__ import annotations

import contextlib
import hashlib
from pathlib import Path

from cf_pipeline.errors import machine_error
from cf_pipeline.project.lake_layout import results_folder
from cf_pipeline.project.private_files import write_private
from cf_pipeline.project.results.result_file import read_result, write_result
from cf_pipeline.results import Result

SUFFIX = ".result"


class LakeResults:
    """A store of results (`results.ResultStore`) in a folder of the lake, each in a file of mode 0600."""

    def __init__(self, lake: str, kind: str, authority: str, version: str) -> None:
        """Nothing is opened or made yet.

        Args:
            lake: the folder or address of the lake, as the settings name it.
            kind: what the results are of, one word: a folder of their own.
            authority: whose they are.
            version: hash of the part of the product that makes them; another one finds none of them.

        Raises:
            AuthorityNameError: the name cannot be an authority's.
        """
        self._folder = results_folder(lake, kind, authority)
        self._version = version
        self._names_in_use: set[str] = set()

    def find(self, key: str) -> Result | None:
        """The result of a key; None where there is none, or where it is not as it was written."""
        name = self._name(key)
        try:
            content = (self._folder / name).read_bytes()
        except OSError:  # whatever the reason, it is worked out again
            return None
        return read_result(name, content)

    def keep(self, key: str, result: Result) -> None:
        """Keep a result in place of the one before.

        Raises:
            MachineError: it cannot be written; the one before stays.
        """
        name = self._name(key)
        path, fault = self._folder / name, None
        content = write_result(name, result)
        try:
            if isinstance(path, Path):
                write_private(path, content)
            else:  # an object store shows an object only once it is whole
                path.write_bytes(content)
        except OSError as error:
            fault = machine_error(f"A result could not be written to {self._folder}", error)
        if fault is not None:
            raise fault

    def sweep(self) -> None:
        """Remove every result that was neither asked for nor kept since this store was made."""
        with contextlib.suppress(OSError):  # what stays harms nothing, and the next run tries again
            for path in list(self._folder.iterdir()) if self._folder.exists() else []:
                if path.name not in self._names_in_use:
                    path.unlink(missing_ok=True)

    def _name(self, key: str) -> str:
        """The name of the file of a key, which is in use from now on."""
        name = hashlib.sha256(f"{self._version}\0{key}".encode()).hexdigest() + SUFFIX
        self._names_in_use.add(name)
        return name
