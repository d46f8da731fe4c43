"""`docs/kpi_examples.md`: the examples of the KPIs as tables that a colleague checks by eye.

`python -m tests.spec.kpi_examples > docs/kpi_examples.md` writes it anew; a test holds the page to them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cf_pipeline.kpi.definitions.registry import load_registry
from tests.spec.casebook import Delivery, Rows
from tests.spec.example_figures import ALL
from tests.spec.examples import Example

HEAD = """# KPIs by example

Each table is what a delivery holds (only the columns the KPI reads), each figure what the product says of it.
The tests run every one of them. The page is made from the tests:
`python -m tests.spec.kpi_examples > docs/kpi_examples.md`. Definitions are in [kpis.md](kpis.md).

`x`: the deliveries do not hold what the figure needs. `z`: there was nothing to measure.
"""


def page() -> str:
    """The page as Markdown: a section a KPI in the registry's order, and in it each of its examples."""
    parts = [HEAD]
    for kpi_id, kpi in load_registry().items():
        parts.append(f"## {kpi.title} (`{kpi_id}`)\n")
        parts += [_example(example) for example in ALL if example.kpi_id == kpi_id]
    return "\n".join(parts)


def _example(example: Example) -> str:
    lines = [f"### {example.title[0].upper()}{example.title[1:]}", ""]
    for delivery in example.deliveries:
        lines += _delivery(delivery)
    lines += [f"- {period}: **{_figure(expected)}**" for period, expected in example.expect.items()]
    return "\n".join([*lines, ""])


def _delivery(delivery: Delivery) -> Iterator[str]:
    since = f", covers from {delivery.covers_from}" if delivery.covers_from else ""
    yield f"Delivery as at {delivery.as_at}{since}:"
    yield ""
    for name, rows in delivery.lists.items():
        without = ", ".join(delivery.without.get(name, ()))
        yield f"`{name}`{f' (without the column {without})' if without else ''}"
        yield ""
        yield from _table(rows)
        yield ""


def _table(rows: Rows) -> Iterator[str]:
    if not rows:
        yield "(no rows)"
        return
    columns = list(dict.fromkeys(column for row in rows for column in row))
    yield f"| {' | '.join(columns)} |"
    yield "|---" * len(columns) + "|"
    for row in rows:
        yield f"| {' | '.join(_cell(row, column) for column in columns)} |"


def _cell(row: Mapping[str, Any], column: str) -> str:
    value = row.get(column)
    return "" if value is None else str(value).replace("|", "\\|")


def _figure(expected: Any) -> str:
    if isinstance(expected, Sequence) and not isinstance(expected, str):
        above, below = expected
        return f"{above:g} of {below:g}"
    return expected if isinstance(expected, str) else f"{expected:g}"


if __name__ == "__main__":
    print(page(), end="")
