"""The numbers that a release allows a report to show, for comparison with those that it shows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any

import pandas as pd

from cf_pipeline.contracts.dates.quarters import Quarter
from cf_pipeline.contracts.rounding import round_half_up
from cf_pipeline.outputs.report.model import Area, Report, Table
from cf_pipeline.outputs.report.words import all_words
from tests.support.report_example import LIMITS
from tests.support.report_texts import numbers_of

COUNTS_OF_MEASURES = ("unknown", "changes", "targets")
"""The tables of the report's words whose sentences count measures, not children."""


def released_numbers(tables: Mapping[str, pd.DataFrame]) -> set[str]:
    """Every number of the released tables as a report may write it, and those of the report's own words."""
    found = {str(number) for number in (*LIMITS.values(), "2.2")}
    for table in tables.values():
        for column in table.columns:
            found |= set(numbers_of(map(str, table[column].dropna())))
            if pd.api.types.is_numeric_dtype(table[column]) and table[column].dtype != bool:
                found |= {text for value in table[column].dropna() for text in written(value)}
    facts = tables["fact_kpi_quarterly"].dropna(subset=["numerator", "denominator"])
    pairs = facts[facts["denominator"].gt(0)]
    found |= {text for value in pairs["numerator"] / pairs["denominator"] * 100 for text in written(value)}
    texts = [text for group in all_words().values() for each in group.values() for text in flat(each)]
    return found | numbers_of(texts) | {f"{float(value):g}" for value in LIMITS.values()}


def released_figures(tables: Mapping[str, pd.DataFrame]) -> set[float]:
    """Every figure of the released tables, in full and with the digits that papers show."""
    columns = [
        rows[name].dropna()
        for table, rows in tables.items()
        if table.startswith("fact_")
        for name in rows.select_dtypes("number").columns
    ]
    values = {float(value) for column in columns for value in column}
    return values | {float(text.replace(",", "")) for value in values for text in written(value)}


def written(value: Any) -> Iterator[str]:
    settled = Fraction(str(round(float(value), 9)))
    yield from (f"{round_half_up(settled, digits):,}" for digits in range(3))


def flat(text: str | Iterable[str]) -> list[str]:
    return [text] if isinstance(text, str) else list(text)


def without_counts_of_measures(text: str) -> str:
    """The text without the sentences that count measures, and the version and the hash of its last line."""
    text = re.sub(r"software version \S+ Fingerprint of these figures: \w+", "", text)
    for group in COUNTS_OF_MEASURES:
        for template in all_words()[group].values():
            for each in flat(template):
                if re.search(r"\{(count|met)\}", each):
                    text = re.sub(re.sub(r"\\\{\w+\\\}", r"[^.]*?", re.escape(each)), "", text)
    return re.sub(r"\bnote \d+|(?<=\s)\d+\. (?=[A-Z])", "", text)


def cells_of_hidden_figures(report: Report, tables: Mapping[str, pd.DataFrame]) -> dict[str, str]:
    """KPI and quarter of each hidden total -> the text of its cell among the measures of an area."""
    facts = tables["fact_kpi_quarterly"]
    hidden = facts[facts["symbol"].eq("c") & facts["breakdown"].eq("total") & facts["basis"].eq("quarter")]
    keys = set(zip(hidden["kpi_id"], hidden["quarter_key"], strict=True))
    kpi_by_title = dict(zip(tables["dim_kpi"]["title"], tables["dim_kpi"]["kpi_id"], strict=True))
    quarter = Quarter.parse(str(tables["dim_authority"]["latest_quarter_key"].dropna().iloc[0]))
    found = {}
    for section in (each for _, each in report.all_sections() if isinstance(each, Area)):
        for table in (each for each in section.blocks if isinstance(each, Table) and each.kind == "measures"):
            for row in table.rows:
                for back, cell in enumerate(row.cells[: quarter.number]):
                    key = (kpi_by_title[row.title], quarter.previous(back).key)
                    if key in keys:
                        found[" ".join(key)] = cell.text
    return found
