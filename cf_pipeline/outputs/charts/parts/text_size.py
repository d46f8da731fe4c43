"""How much room a text takes in a chart, in pixels, and how it is broken into lines.

The widths are those of DejaVu Sans, the widest of the fonts that stand in for Arial: what has room there has
room in each of them.
"""

from __future__ import annotations

from collections.abc import Sequence

FONT = 'Arial, "Liberation Sans", Helvetica, sans-serif'
"""The generic family comes last: with a font that a machine lacks and nothing after it no text is drawn."""
FONT_SIZE = 14
LINE_HEIGHT = 17
_BOLD = 1.14
_EM = 1000
_WIDTHS = {
    275: "'", 278: "ijl", 295: "IJ", 318: " ,.\N{RIGHT SINGLE QUOTATION MARK}", 337: "/:;|\\", 352: "f",
    361: "-", 390: "()[]", 392: "t", 401: "!", 411: "r", 460: '"', 500: "*_\N{EN DASH}", 521: "s", 525: "z",
    531: "?", 550: "c", 557: "L", 575: "F", 579: "k", 592: "vxy", 603: "P", 611: "TY", 613: "oae",
    634: "hnuSbdgpqE", 636: "$0123456789{}\N{POUND SIGN}", 656: "K", 684: "AV", 686: "XZB", 698: "RC",
    732: "U", 752: "HN", 775: "DG", 787: "&OQ", 818: "w", 838: "#+<=>^~", 863: "M", 950: "%", 974: "m",
    989: "W",
}  # fmt: skip
_BY_CHARACTER = {character: width for width, characters in _WIDTHS.items() for character in characters}


def text_width(text: str, *, is_bold: bool = False) -> float:
    """The width of a line of text."""
    units = sum(_BY_CHARACTER.get(character, _EM) for character in text)
    return units * FONT_SIZE / _EM * (_BOLD if is_bold else 1)


def widest(lines: Sequence[str], *, is_bold: bool = False) -> float:
    """The width of the widest line; 0 when there is none."""
    return max((text_width(line, is_bold=is_bold) for line in lines), default=0)


def wrap_text(text: str, width: float) -> list[str]:
    """The text in lines of at most a width; a word that is wider has a line of its own."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines or [""]
