"""Pages of figures that were made already, kept until figures are newer or the room is used up."""

from __future__ import annotations

import threading
import zlib
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass

ROOM_BYTES = 24_000_000


@dataclass(frozen=True)
class MadePage:
    """A page's title and the HTML of its content."""

    title: str
    main: str


class KeptPages:
    """Pages by what decides their content; the one that was not asked for longest goes first."""

    def __init__(self, room_bytes: int = ROOM_BYTES) -> None:
        """`room_bytes`: the memory that all pages may take."""
        self._room, self._used = room_bytes, 0
        self._pages: OrderedDict[Hashable, tuple[str, bytes]] = OrderedDict()
        self._lock = threading.Lock()

    def find(self, key: Hashable) -> MadePage | None:
        """The page of a key; None where it is not kept."""
        with self._lock:
            found = self._pages.get(key)
            if found is None:
                return None
            self._pages.move_to_end(key)
        return MadePage(found[0], zlib.decompress(found[1]).decode("utf-8"))

    def keep(self, key: Hashable, page: MadePage) -> None:
        """Keep a page; others go where there is no room for it."""
        content = zlib.compress(page.main.encode("utf-8"), level=1)
        with self._lock:
            if key in self._pages:
                return
            self._pages[key] = page.title, content
            self._used += len(content)
            while self._used > self._room:
                _, (_, oldest) = self._pages.popitem(last=False)
                self._used -= len(oldest)

    def clear(self) -> None:
        """Keep nothing any more."""
        with self._lock:
            self._pages.clear()
            self._used = 0
