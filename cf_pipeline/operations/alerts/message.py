"""The text of a message: counts and names of authorities, and nothing of a file, a cell or a child."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cf_pipeline.operations.alerts.alert import UNREAD, Alert
from cf_pipeline.project.operations.alert_settings import AlertSettings

TEXTS = Path(__file__).parent / "data" / "alert_texts.toml"
PRODUCT = "Children and Families pipeline"
EVERYBODY = "All authorities"


@dataclass(frozen=True)
class Message:
    """What every channel is given: a subject and its lines."""

    subject: str
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        """The lines as one text."""
        return "\n".join(self.lines)


TEST_MESSAGE = Message(
    f"{PRODUCT}: test", ("This is a test of the alerts: whoever reads it will be told what goes wrong.",)
)


def write_message(new: Collection[Alert], over: Collection[Alert], settings: AlertSettings) -> Message:
    """The message that tells what is new and what is over, a line a kind and authority."""
    counts = [f"{len(new)} new" if new else "", f"{len(over)} over" if over else ""]
    lines = (*_lines(new, settings, is_over=False), *_lines(over, settings, is_over=True))
    return Message(f"{PRODUCT}: {', '.join(filter(None, counts))}", lines)


@cache
def alert_texts() -> dict[str, dict[str, str]]:
    """Kind of an alert -> its words."""
    return tomllib.loads(TEXTS.read_text(encoding="utf-8"))


def _lines(alerts: Iterable[Alert], settings: AlertSettings, *, is_over: bool) -> Iterable[str]:
    groups: dict[tuple[str, str, str], int] = defaultdict(int)
    for alert in sorted(alerts):
        groups[alert.kind, alert.authority, alert.item if alert.kind == UNREAD else ""] += 1
    for (kind, authority, item), count in groups.items():
        words = alert_texts()[kind]
        form = "over" if is_over else "one" if count == 1 else "many"
        what = words[form].format(
            count=count, days=settings.nothing_new_days, hours=settings.publish_hours, item=item
        )
        place = authority or EVERYBODY
        yield f"Over: {place}: {what}." if is_over else f"New: {place}: {what}. {words['fix']}"
