"""The words and the numbers of charts: figures as they are shown, and sentences from templates.

What a chart draws is the figure as shown, rounded half up (docs/rulings.md#1): so each number in a picture is
the one in its table, and no coordinate tells more digits than the table does.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import cache
from importlib import resources
from typing import Any

import pandas as pd

from cf_pipeline.contracts.dates.quarters import Quarter
from cf_pipeline.contracts.rounding import displayed_figure, exact
from cf_pipeline.outputs.report.cells import NOT_AVAILABLE, WITHOUT_VALUE, format_number, is_share

FEWEST_POINTS = 6
"""With fewer points a table says as much as a picture."""
FEWEST_CASES = 6
"""One case of five moves a share by twenty points: a picture of such shares shows chance."""
SMALL_WHOLE = 20
"""A share of fewer is written as 'n of d'."""
_OF_CASES = ("percentage", "distribution", "median_days", "average")


@cache
def _templates() -> dict[str, dict[str, Any]]:
    path = resources.files("cf_pipeline.outputs.charts") / "data" / "words.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def sentence_of(section: str, name: str, **values: object) -> str:
    """A sentence of `data/words.toml`, filled in."""
    return str(_templates()[section][name].format(**values))


def words_of(section: str) -> dict[str, Any]:
    """The words of a section of `data/words.toml`, by their name there."""
    return _templates()[section]


def unit_of_groups(code_set: Any) -> str:
    """What the labels of a code set's groups count, where they are numbers alone; '' for others."""
    return str(words_of("units_of_groups").get(str(code_set), ""))


def quarter_text(quarter: Quarter) -> str:
    """'Q3 2019/20'."""
    return f"Q{quarter.number} {quarter.fiscal_year}"


def has_value(row: Any) -> bool:
    """Whether a row of `fact_kpi_quarterly` has a figure."""
    return row is not None and pd.isna(row.symbol) and not pd.isna(row.value)


def value_text(kpi: Any, value: Any) -> str:
    """A figure without its integers, such as a target, as the KPI's are shown: '79%', '1,101.6'."""
    return f"{format_number(value, kpi.decimals)}{'%' if is_share(kpi) else ''}"


def target_text(kpi: Any, value: Any) -> str:
    """A target with the decimals that it has, one at the most beyond those of the KPI."""
    decimals = int(kpi.decimals)
    more = format_number(value, decimals + 1)
    text = format_number(value, decimals) if more.endswith("0") else more
    return f"{text}{'%' if is_share(kpi) else ''}"


def number_of(text: str) -> float:
    """The number at the start of a figure as shown: '1,101.6' or '79%'."""
    return float(text.split(maxsplit=1)[0].replace(",", "").rstrip("%"))


def range_ends(text: str) -> tuple[float, float]:
    """The ends of a range in words: '84% to 100%'."""
    low, high = text.split(" to ")
    return number_of(low), number_of(high)


def drawn_value(kpi: Any, row: Any) -> float | None:
    """The figure of a row as shown, which is what is drawn; None when there is none."""
    return number_of(_main_text(kpi, row)) if has_value(row) else None


def _main_text(kpi: Any, row: Any) -> str:
    if is_share(kpi) and _counts(row) is not None:
        return f"{displayed_figure(row.numerator, row.denominator, int(kpi.decimals))}%"
    return value_text(kpi, row.value)


def _counts(row: Any) -> str | None:
    """The integers of a share in words; None where they are not both published."""
    if pd.isna(row.numerator) or pd.isna(row.denominator) or not row.denominator:
        return None
    return f"{format_number(row.numerator, 0)} of {format_number(row.denominator, 0)}"


def figure_text(kpi: Any, row: Any) -> str:
    """A row's figure for a table: '77', '91% (70 of 77)', '15 of 19 (79%)', 'not available'."""
    if not has_value(row):
        return NOT_AVAILABLE if row is None else WITHOUT_VALUE.get(str(row.symbol), NOT_AVAILABLE)
    counts = _counts(row) if is_share(kpi) else None
    if counts is None:
        return _main_text(kpi, row)
    first, second = (counts, _main_text(kpi, row))
    return f"{first} ({second})" if row.denominator < SMALL_WHOLE else f"{second} ({first})"


def short_text(kpi: Any, row: Any) -> str:
    """A row's figure for a title or a label: as in the table, without what stands in brackets there."""
    return figure_text(kpi, row).split(" (")[0]


def cases(kpi: Any, row: Any) -> float | None:
    """The number of cases that a figure rests on; None for a count, and for a rate of the population."""
    whole = exact(row.denominator) if kpi.kind in _OF_CASES else None
    return None if whole is None else float(whole)


def reason_for_no_picture(kpi: Any, rows: Iterable[Any], points: int | None = None) -> str:
    """Why figures are shown as a table alone, in a sentence; '' when there is a picture.

    Args:
        kpi: their row of `dim_kpi`.
        rows: the rows of `fact_kpi_quarterly` that would be drawn.
        points: how many points there would be; as many as figures when None.
    """
    drawn = [row for row in rows if has_value(row)]
    wholes = [whole for whole in (cases(kpi, row) for row in drawn) if whole is not None]
    if (len(drawn) if points is None else points) < FEWEST_POINTS:
        return sentence_of("shared", "too_few", fewest=FEWEST_POINTS)
    is_small = min(wholes, default=FEWEST_CASES) < FEWEST_CASES
    return sentence_of("shared", "small_share", fewest=FEWEST_CASES) if is_small else ""


def reason_text(row: Any) -> str:
    """Why there is no figure, as published; '' where nothing is said."""
    return "" if row is None or pd.isna(row.reason) else str(row.reason)


def direction_text(kpi: Any) -> str:
    """Which direction is good, in words."""
    return sentence_of("shared", str(kpi.polarity))


def difference_text(phrase: Any) -> str:
    """The published phrase of a comparison as it stands before its reference: 'slightly lower than'."""
    words = str(phrase)
    if words == "similar":
        return "similar to"
    if words == "mirrors":
        return "much the same as"
    return f"{words} than" if words.endswith(("higher", "lower")) else words


def join_sentences(*sentences: str) -> str:
    """The sentences that are not empty, one after the other."""
    return " ".join(sentence for sentence in sentences if sentence)
