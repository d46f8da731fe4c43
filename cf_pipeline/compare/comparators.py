"""Published figures of other authorities, regions and the country, shipped with the package.

`data/comparators.csv`: facts from open data of the Department for Education and the Office for National
Statistics (Open Government Licence v3.0), each with its source and release. Newer files are added by a
council in `raw/_reference/`; they never replace what was said with another release.
"""

from __future__ import annotations

from importlib import resources

import pandas as pd

DTYPES = {
    "kpi_id": "str",
    "category": "str",
    "authority_code": "str",
    "year_ending": "Int64",
    "value": "Float64",
    "symbol": "str",
    "source": "str",
    "release": "str",
}


def published_comparators() -> pd.DataFrame:
    """The published figures.

    Returns:
        One row a series, category, authority and year: kpi_id, category ('all' or an age or duration band),
        authority_code (GSS), year_ending (2019 is the year to 31 March 2019), value, symbol where the value
        is withheld (c) or not available (x, z), source, release.
    """
    path = resources.files("cf_pipeline.compare") / "data" / "comparators.csv"
    with path.open(encoding="utf-8") as lines:
        return pd.read_csv(
            lines, dtype=DTYPES, keep_default_na=False, na_values={"value": [""], "symbol": [""]}
        )
