"""A KPI beside other places: the chart of dots, and what was published year by year."""

from __future__ import annotations

from cf_pipeline.dashboard.content import Block, ChartView, Section, Text
from cf_pipeline.dashboard.pages.figures.kpi.rows import KpiRows
from cf_pipeline.dashboard.pages.figures.place_figures import place_names, published_table
from cf_pipeline.outputs.charts.kinds.places import places_chart


def places_section(rows: KpiRows) -> Section:
    """The council beside its region, England and its neighbours, or that nothing is published."""
    compare = Text(
        "",
        (
            rows.scope.link(
                "Compare with other measures, authorities and years", "compare", {"kpi": rows.kpi_id}
            ),
        ),
    )
    published = rows.tables["fact_comparator"]
    if published.empty:
        words = "No figure of another place is published that this measure can be compared with."
        return Section("places", "Beside other places", (Text(words), compare))
    blocks: list[Block] = [
        ChartView(places_chart(rows.figures, rows.kpi_id)),
        published_table(rows.kpi, published, place_names(rows.kpi, rows.scope, rows.tables)),
        compare,
    ]
    return Section("places", "Beside other places", tuple(blocks))
