"""An SVG for a page: one title, one description, and nothing that could clash with another figure there."""

from __future__ import annotations

import re
from html import escape

_TAG = re.compile(r"<[^>]*>")
_SPARE = re.compile(r' (?:class|role|aria-[a-z]+|pointer-events|xmlns:xlink|version)="[^"]*"')
_UNSEEN = re.compile(r'<path [^>]*(?:display="none"|d="M0,0h0v0h0Z")[^>]*/>')
_ROOT = re.compile(r"<svg ([^>]*)>")


def describe_svg(svg: str, title: str, description: str) -> str:
    """The SVG as one image for a screen reader: its role, a title and a description in words.

    What Vega writes for scripts and readers mark by mark (classes, roles, hidden paths) is removed. A title
    and a description inside the figure need no ids, which several figures of a page would share.
    """
    lean = _TAG.sub(lambda tag: _SPARE.sub("", tag[0]), _UNSEEN.sub("", svg))
    words = f"<title>{escape(title)}</title><desc>{escape(description)}</desc>"
    return _ROOT.sub(lambda root: f'<svg role="img" {root[1]}>{words}', lean, count=1)
