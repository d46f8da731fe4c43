"""`docs/rules.md`: every rule, made from the rules themselves.

`python -m cf_pipeline.outputs.docs_pages.rules > docs/rules.md` writes the page anew. A test
compares it with the rules.
"""

from __future__ import annotations

from collections.abc import Iterable

from cf_pipeline.clean.rules.catalogue import ALL_RULES, Rule
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.history.merge.issues import MERGE_RULES
from cf_pipeline.kpi.lineage.affected_kpis import kpis_that_read

INTRODUCTION = """# Rules

Every rule that delivered data can break. This page is made from the rules:
`python -m cf_pipeline.outputs.docs_pages.rules > docs/rules.md`.

A broken rule is an issue: it names the file, sheet, Excel row and column, says what to do and which KPIs
read that column, and never shows the cell. Rows are flagged, not dropped; rules marked *set aside* keep out
rows that are no record or cannot be tied to a child, and those are counted. Where a rule is broken by very
many rows of one column, one issue stands for all of them and says how many.
"""
SECTIONS = {
    "error": "Errors: figures may be wrong",
    "warning": "Warnings: figures are used as they are, and someone should look",
    "info": "Notes: nothing has to be done",
}
THE_COLUMN = "the column"
"""Stands for the column's header, as a rule's text is about any of its columns."""


def rules_page() -> str:
    """The page as Markdown: a section a severity, and in it every rule by its code."""
    rules = sorted((*ALL_RULES, *MERGE_RULES), key=lambda rule: rule.code)
    sections = [
        _section(title, [rule for rule in rules if rule.severity == severity])
        for severity, title in SECTIONS.items()
    ]
    return "\n".join([INTRODUCTION, *sections])


def _section(title: str, rules: Iterable[Rule]) -> str:
    return "\n".join([f"## {title}", "", *(_entry(rule) for rule in rules)])


def _entry(rule: Rule) -> str:
    lines = [
        f"### `{rule.code}`" + (" (set aside)" if rule.is_quarantine else ""),
        "",
        f"- What is wrong: {_about_a_column(rule.message)}.",
        f"- What to do: {_about_a_column(rule.suggestion)}.",
        f"- Lists: {'every list' if rule.lists is None else ', '.join(rule.lists) or 'none'}.",
    ]
    if rule.columns:
        lines.append(f"- Columns: {', '.join(rule.columns)}.")
    if rule.lists is not None:
        lines.append(f"- KPIs touched: {', '.join(_affected_kpis(rule)) or 'none'}.")
    return "\n".join([*lines, ""])


def _affected_kpis(rule: Rule) -> list[str]:
    """The KPIs that read a column of the rule in one of its lists, or a list where it names no column."""
    kpis: list[str] = []
    for name in rule.lists or ():
        columns = [column for column in rule.columns if column in list_contracts()[name].column_names]
        for column in columns or [""]:
            kpis += kpis_that_read(name, column)
    return list(dict.fromkeys(kpis))


def _about_a_column(text: str) -> str:
    return text.replace("'{column}'", THE_COLUMN)


if __name__ == "__main__":
    print(rules_page(), end="")
