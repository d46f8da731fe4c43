"""A doubt about a delivery, and the acceptance of doubts by a person (docs/rulings.md#25)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

GROWTH = 1.1
"""An accepted doubt holds anew once it is over so many times as large as when it was accepted."""
WHOLE_DELIVERY = ""
"""The list of a doubt about a delivery as a whole."""


@dataclass(frozen=True)
class Doubt:
    """One reason why a list of a delivery, or all of it, cannot be true.

    `rule` is its code in the catalogue of rules, `column` the column at fault ('' for none), `size` a count
    that grows with the doubt, and `words` a clause in counts that names neither the place nor what to do.
    """

    rule: str
    list: str
    column: str
    size: float
    words: str

    @property
    def is_about_delivery(self) -> bool:
        """Whether it is about the delivery as a whole, not about one list of it."""
        return self.list == WHOLE_DELIVERY


@dataclass(frozen=True)
class Acceptance:
    """Doubts about a delivery that a person accepted: whose delivery, who, why, when (UTC, ISO).

    One made before doubts were recorded has none, and a `content_hash` in their place: it accepts every doubt
    about exactly those files.
    """

    authority: str
    delivery_id: str
    by: str
    because: str
    at: str
    doubts: tuple[Doubt, ...] = ()
    content_hash: str = ""

    def covers(self, delivery_id: str, doubt: Doubt, content: str) -> bool:
        """Whether it accepts a doubt about a delivery.

        Args:
            delivery_id: the delivery.
            doubt: the doubt as it stands now.
            content: hash of the delivery's files as they are now.
        """
        if delivery_id != self.delivery_id:
            return False
        if not self.doubts:
            return content == self.content_hash
        return any(
            (known.rule, known.list, known.column) == (doubt.rule, doubt.list, doubt.column)
            and doubt.size <= known.size * GROWTH
            for known in self.doubts
        )


def find_acceptance(
    acceptances: Sequence[Acceptance], delivery_id: str, doubt: Doubt, content: str
) -> Acceptance | None:
    """The newest acceptance that covers a doubt about a delivery; None when nobody accepted it."""
    covering = (entry for entry in reversed(acceptances) if entry.covers(delivery_id, doubt, content))
    return next(covering, None)
