"""`docs/kpis.md`: every KPI, made from the registry.

`python -m cf_pipeline.outputs.docs_pages.kpis > docs/kpis.md` writes the page anew. A test
compares it with the registry.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby

from cf_pipeline.kpi.definitions.registry import Kpi, load_registry

INTRODUCTION = """# KPIs

Every KPI, made from the registry (`cf_pipeline/kpi/registry/*.toml`):
`python -m cf_pipeline.outputs.docs_pages.kpis > docs/kpis.md`.
`dim_kpi` in the warehouse holds the same words.
Each is shown on a tiny table in [kpi_examples.md](kpi_examples.md); how to add one is in
[adding_a_kpi.md](adding_a_kpi.md).

A figure is worked out for the quarter, for the year to date and for the year. Where the deliveries do not
hold what it needs, it has the symbol `x` and a reason; a share of nothing has the symbol `z`.
"""
KINDS = {
    "flow_count": "events in the period",
    "stock": "at the period's end",
    "percentage": "numerator as a share of the denominator, 0 to 100",
    "rate_10k": "per 10,000 children aged 0 to 17, not annualised",
    "median_days": "the middle value",
    "average": "the mean",
    "distribution": "each category's share of the denominator, 0 to 100",
}
POLARITIES = {
    "higher_better": "higher is better",
    "lower_better": "lower is better",
    "context": "neither higher nor lower is better",
}


def kpis_page(registry: Mapping[str, Kpi] | None = None) -> str:
    """The page as Markdown: a section an area, and in it every KPI in the registry's order."""
    kpis = (load_registry() if registry is None else registry).values()
    parts = [INTRODUCTION]
    for area, members in groupby(kpis, key=lambda kpi: kpi.area):
        parts += [f"## {area}\n", *(_entry(kpi) for kpi in members)]
    return "\n".join(parts)


def _entry(kpi: Kpi) -> str:
    words_by_name = {
        "Numerator": kpi.numerator_text,
        "Denominator": kpi.denominator_text,
        "Measured": f"{KINDS[kpi.kind]}; unit: {kpi.unit}",
        "Class": f"{kpi.measure_class}; {POLARITIES[kpi.polarity]}",
        "Threshold": kpi.threshold,
        "Law or guidance": kpi.legal_source,
        "Split by": ", ".join(kpi.breakdowns),
        "Published series": kpi.comparator_series or "",
        "Differs from the published figure": kpi.comparator_note,
    }
    lines = [f"- {name}: {words.rstrip('.')}." for name, words in words_by_name.items() if words]
    return "\n".join([f"### {kpi.title} (`{kpi.id}`)", "", *lines, ""])


if __name__ == "__main__":
    print(kpis_page(), end="")
