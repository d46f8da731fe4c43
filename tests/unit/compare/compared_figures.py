"""A few figures of one authority, and how they compare with earlier periods and published figures."""

import pandas as pd

from cf_pipeline.comparators import combine_releases
from cf_pipeline.comparators.open_data.reading import no_values
from cf_pipeline.compare.comparisons import kpi_comparisons
from cf_pipeline.compare.figures import figures_by_authority
from cf_pipeline.forecast import CouncilChoices, forecast_year_ends
from cf_pipeline.kpi.definitions.registry import load_registry

PRO_RATA = CouncilChoices("pro_rata")

REGISTRY = load_registry()
SHIPPED = combine_releases(no_values())
CITY = "E09000001"


def facts(rows):
    """kpi_quarterly from (quarter, basis, kpi, numerator, denominator or None, symbol or None)."""
    table = []
    for key, basis, kpi_id, top, bottom, *symbol in rows:
        has_value = not symbol and bottom != 0
        value = (top if bottom is None else top * 100 / bottom) if has_value else None
        table.append(
            (CITY, key, basis, kpi_id, "total", "all", top, bottom, value, *(symbol or [None]), None)
        )
    columns = (
        "authority_code quarter_key basis kpi_id breakdown category numerator denominator value symbol reason"
    )
    return pd.DataFrame(table, columns=columns.split()).astype(
        {
            "numerator": "Float64",
            "denominator": "Float64",
            "value": "Float64",
            "symbol": "str",
            "reason": "str",
        }
    )


def compared(rows, **settings):
    quarterly = facts(rows)
    table = kpi_comparisons(
        figures_by_authority(quarterly, forecast_year_ends(quarterly, REGISTRY, PRO_RATA), REGISTRY),
        SHIPPED,
        **settings,
    )
    return table.set_index(["kpi_id", "quarter_key", "basis", "against"])
