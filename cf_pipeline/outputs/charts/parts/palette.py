"""The colours of charts, and how far two of them are apart.

Text is 4.5 to 1 on its background, lines and shapes 3 to 1. A colour is never all that tells two series
apart: a word, a shape or a dash does too.

Source: Government Analysis Function, "Data visualisation: colours in charts"; WCAG 2.2, 1.4.3 and 1.4.11.
"""

from __future__ import annotations

PAPER = "#FFFFFF"
INK = "#0B0C0C"
QUIET = "#4A5258"
"""Text of axes, and lines of the usual range."""
GRID = "#DDE1E5"
"""Lines that only help the eye: no meaning, so no contrast is asked of them."""
OWN = "#12436D"
"""The council's own figures."""
PLACE = "#B44A10"
"""Another place, or another year."""
TARGET = "#801650"
SHADE = "#E4E9EE"
"""The area between the limits; its edges are lines of their own."""
NEAR, FAR = "#BFCDDB", "#DEE6ED"
"""The areas of the 80% and the 95% range; their edges are lines of their own."""
STEPS = ("#12436D", "#2C5A86", "#46719E", "#5E87B0", "#7490B3")
"""Parts of a stack, in their order; white lines part them."""

LINES = (OWN, PLACE, TARGET, QUIET)
"""On paper and on each area."""
TEXTS = (INK, *LINES)
"""On paper."""
AREAS = (SHADE, NEAR, FAR)


def contrast(first: str, second: str) -> float:
    """How many times lighter the lighter of two colours is, from 1 to 21 (WCAG 2.2, "contrast ratio").

    Args:
        first: a colour as '#RRGGBB'.
        second: another.
    """
    darker, lighter = sorted((_luminance(first), _luminance(second)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    """The relative luminance of a colour, from 0 to 1."""
    channels = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
