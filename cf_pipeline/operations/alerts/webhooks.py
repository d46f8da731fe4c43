"""The channels that are addresses: a Teams workflow, a Slack webhook, and the watchdog of good nights.

An address is a secret: it stands in no error. Other addresses that a server points to are not followed.
"""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from http.client import HTTPException
from typing import Any
from urllib.parse import urlsplit

from cf_pipeline.errors import PlainError
from cf_pipeline.operations.alerts.message import Message
from cf_pipeline.project.operations.alert_settings import LOOPBACK

SECONDS_TO_ANSWER = 15
"""How long a server may say nothing."""


class ChannelError(PlainError):
    """A channel took no message; the sentence holds no secret."""

    may_pass = True


def send_to_teams(url: str, message: Message) -> None:
    """Post a message to a Teams workflow, as an adaptive card.

    Raises:
        ChannelError: the workflow did not take it.
    """
    blocks = [_text_block(message.subject, weight="bolder"), *map(_text_block, message.lines)]
    card = {"type": "AdaptiveCard", "version": "1.5", "body": blocks}
    kind = "application/vnd.microsoft.card.adaptive"
    attachment = {"contentType": kind, "contentUrl": None, "content": card}
    _ask("Teams", "CF_ALERTS_TEAMS_URL", url, {"type": "message", "attachments": [attachment]})


def send_to_slack(url: str, message: Message) -> None:
    """Post a message to a Slack webhook.

    Raises:
        ChannelError: Slack did not take it.
    """
    text = f"{message.subject}\n{message.text}"
    for letter, name in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        text = text.replace(letter, name)
    _ask("Slack", "CF_ALERTS_SLACK_URL", url, {"text": text})


def ask_watchdog(url: str) -> None:
    """Tell the watchdog that a night was good: it raises the alarm when nobody does.

    Raises:
        ChannelError: the watchdog did not answer.
    """
    _ask("The watchdog", "CF_ALERTS_WATCHDOG_URL", url, None)


def _text_block(text: str, **style: str) -> dict[str, Any]:
    return {"type": "TextBlock", "text": text, "wrap": True, **style}


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Another address than the one that was set gets nothing."""

    def redirect_request(self, *_: Any) -> None:
        return None


def _ask(name: str, variable: str, url: str, payload: dict[str, Any] | None) -> None:
    """GET an address, or POST JSON to it; anything but an answer of 200 to 299 is an error."""
    body = None if payload is None else json.dumps(payload).encode()
    headers = {"Content-Type": "application/json"} if body else {}
    request = urllib.request.Request(url, body, headers)  # noqa: S310 (https, or this computer: alert_secrets)
    handlers: list[urllib.request.BaseHandler] = [_NoRedirect()]
    if LOOPBACK.fullmatch(urlsplit(url).hostname or ""):
        handlers.append(urllib.request.ProxyHandler({}))
    reason = ""
    try:
        with urllib.request.build_opener(*handlers).open(request, timeout=SECONDS_TO_ANSWER):
            return
    except urllib.error.HTTPError as error:
        reason = f"it answers {error.code}"
        error.close()
    except (OSError, HTTPException, ValueError) as error:
        reason = f"it cannot be reached ({type(error).__name__})"
    raise ChannelError(f"{name} took no message: {reason}; check the network and the address in {variable}.")
