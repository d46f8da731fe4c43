"""The report of the small publication, in the forms that tests look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

import pandas as pd

from cf_pipeline.compare.differences import WordingLimits
from cf_pipeline.outputs.report.content import report_content
from cf_pipeline.outputs.report.formats.html import render_html
from tests.support import publication_example as example

LIMITS = asdict(WordingLimits())


def render_report(
    tables: Mapping[str, pd.DataFrame],
    authority_code: str = example.CODE,
    quarter_key: str | None = None,
    wording_limits: Mapping[str, float] = LIMITS,
    *,
    has_charts: bool = True,
) -> str:
    """The report as HTML."""
    report = report_content(
        tables, authority_code, quarter_key, wording_limits=wording_limits, has_charts=has_charts
    )
    return render_html(report)
