"""The contract of `published_v1`: every table and column that a consumer may rely on.

Here: names, types, keys and descriptions. Not here: how the rows are made (`assemble`), how they are
written (`publish`), or anything about one database (`dialects`). Additive change only.

Keys are `Unicode(n)` and short enough for SQL Server's 900-byte index keys; values are double
precision, because DuckDB's FLOAT holds only 24 bits.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    DateTime,
    Double,
    Integer,
    MetaData,
    Table,
    Unicode,
    UnicodeText,
)

SCHEMA = "published_v1"

metadata = MetaData(schema=SCHEMA)

_LENGTHS = {
    "authority_code": 12,
    "slug": 60,
    "quarter_key": 12,
    "latest_quarter_key": 12,
    "fiscal_year": 8,
    "basis": 8,
    "kpi_id": 64,
    "area": 60,
    "breakdown": 40,
    "category": 120,
    "against": 40,
    "method": 40,
    "symbol": 1,
    "run_id": 64,
    "delivery_id": 40,
    "list": 60,
    "rule": 80,
    "severity": 10,
    "status": 10,
}
"""Lengths of the text columns that are keys, codes or filters; every other text has no limit."""


def _text(name: str) -> Any:
    return Unicode(_LENGTHS[name]) if name in _LENGTHS else UnicodeText()


def _key(name: str, comment: str, type_: Any = None) -> Column[Any]:
    return Column(name, type_ or _text(name), primary_key=True, autoincrement=False, comment=comment)


def _field(name: str, comment: str, type_: Any = None, *, required: bool = False) -> Column[Any]:
    return Column(name, type_ or _text(name), nullable=not required, comment=comment)


_AUTHORITY = "GSS code of the authority"
_QUARTER = "quarter of the financial year, as in 2019/20 Q3; basis year carries quarter 4's key"
_SYMBOL = "why there is no value: x not available, z not applicable, c withheld, k rounds to 0, u unreliable"
_RUN = "the run that worked the figure out"

dim_authority = Table(
    "dim_authority",
    metadata,
    _key("authority_code", _AUTHORITY),
    _field("slug", "its folder in raw/", required=True),
    _field("name", "its name", required=True),
    _field("kind", "local_authority, region or country", required=True),
    _field("latest_as_at", "as-at date of the newest delivery its figures rest on", Date()),
    _field("latest_quarter_key", "newest quarter that its figures report on"),
    comment="Authorities with figures here, one row each",
)

dim_quarter = Table(
    "dim_quarter",
    metadata,
    _key("quarter_key", "quarter, as in 2019/20 Q3"),
    _field("fiscal_year", "financial year, April to March, as in 2019/20", required=True),
    _field("quarter_no", "1 (April to June) to 4 (January to March)", Integer(), required=True),
    _field("start_date", "first day", Date(), required=True),
    _field("end_date", "last day", Date(), required=True),
    comment="Quarters that a figure here belongs to, one row each",
)

dim_category = Table(
    "dim_category",
    metadata,
    _key("breakdown", "what figures are split by: total, band, age_band, gender and so on"),
    _key("category", "canonical code of the category; all for the total"),
    _field("label", "the category in words", required=True),
    _field("group", "the wider group it belongs to, where there is one"),
    _field("position", "order to show it in, from 1 within its breakdown", Integer(), required=True),
    comment="Categories of every breakdown used here, one row each",
)

dim_kpi = Table(
    "dim_kpi",
    metadata,
    _key("kpi_id", "name of the KPI"),
    _field("area", "area of the service, as in the committee's table", required=True),
    _field("title", "what it measures", required=True),
    _field("measure_class", "output, timeliness, outcome or process", required=True),
    _field("kind", "flow_count, stock, percentage or distribution", required=True),
    _field("unit", "unit of its value"),
    _field("polarity", "higher_better, lower_better or context (neither)", required=True),
    _field("decimals", "decimal places to show it with", Integer(), required=True),
    _field("numerator_text", "what the numerator counts"),
    _field("denominator_text", "what the denominator counts; null for a count"),
    _field("threshold", "the limit or target it is held against, where there is one"),
    _field("legal_source", "the law or guidance behind it"),
    _field("comparator_note", "what may and may not be compared with it"),
    _field("position", "order to show it in, from 1, areas together", Integer(), required=True),
    comment="Definitions of the KPIs, one row each",
)

fact_kpi_quarterly = Table(
    "fact_kpi_quarterly",
    metadata,
    _key("authority_code", _AUTHORITY),
    _key("quarter_key", _QUARTER),
    _key("basis", "quarter, ytd (from 1 April to the quarter's end) or year"),
    _key("kpi_id", "name of the KPI"),
    _key("breakdown", "total, or what the figure is split by"),
    _key("category", "all, or the category"),
    _field("numerator", "count, or what is counted of the denominator", Double()),
    _field("denominator", "what the numerator is a part of; null for a count", Double()),
    _field("value", "count, or percentage 0 to 100, unrounded", Double()),
    _field("symbol", _SYMBOL),
    _field("reason", "the symbol's reason, one sentence"),
    _field("as_at", "as-at date of the newest delivery behind the figure", Date()),
    _field("run_id", _RUN, required=True),
    comment="KPI values: authority x quarter x basis x KPI x breakdown x category",
)

fact_kpi_comparison = Table(
    "fact_kpi_comparison",
    metadata,
    _key("authority_code", _AUTHORITY),
    _key("quarter_key", _QUARTER),
    _key("basis", "basis of the value that is compared"),
    _key("kpi_id", "name of the KPI"),
    _key("against", "previous_quarters, same_quarter_last_year, last_year, last_year_end, london and so on"),
    _field("value", "the value that is compared, unrounded", Double()),
    _field("reference", "what it is compared with, unrounded", Double()),
    _field("difference", "value minus reference; percentage points for a percentage", Double()),
    _field("difference_pct", "difference as a percentage of the reference", Double()),
    _field("phrase", "the comparison in words; never a judgement"),
    _field("chance", "beside another place: whether chance alone would explain the difference, in words"),
    comment="Comparisons of KPI totals with earlier periods and other places",
)

fact_kpi_forecast = Table(
    "fact_kpi_forecast",
    metadata,
    _key("authority_code", _AUTHORITY),
    _key("fiscal_year", "financial year that is forecast, as in 2019/20"),
    _key("quarters_used", "complete quarters of that year the forecast rests on", Integer()),
    _key("kpi_id", "name of the KPI"),
    _key("breakdown", "total, or what the figure is split by"),
    _key("category", "all, or the category"),
    _key("method", "how it was forecast, as in pro_rata"),
    _field("is_selected", "true for the method that reports use", Boolean(), required=True),
    _field("forecast", "year-end forecast, unrounded", Double()),
    _field("lower_80", "lower end of the 80% interval", Double()),
    _field("upper_80", "upper end of the 80% interval", Double()),
    _field("lower_95", "lower end of the 95% interval", Double()),
    _field("upper_95", "upper end of the 95% interval", Double()),
    _field("last_year", "last year's outturn, unrounded", Double()),
    _field("label", "how the forecast is to be called, in words"),
    _field("explanation", "what is known and expected, and how such forecasts did before, in words"),
    _field("symbol", _SYMBOL),
    _field("run_id", _RUN, required=True),
    comment="Year-end forecasts",
)

fact_forecast_record = Table(
    "fact_forecast_record",
    metadata,
    _key("authority_code", _AUTHORITY),
    _key("kpi_id", "name of the KPI"),
    _key("fiscal_year", "past financial year that was forecast, as in 2018/19"),
    _key("quarters_used", "complete quarters of that year the forecast rests on: 1, 2 or 3", Integer()),
    _key("method", "how it was forecast, as in pro_rata"),
    _field("forecast", "what would have been forecast for the total, unrounded", Double(), required=True),
    _field("outturn", "how the year ended", Double(), required=True),
    _field("abs_pct_error", "error in percent of the outturn; null for an outturn under 1", Double()),
    _field("in_80", "whether the year ended inside the 80% interval; null without one", Boolean()),
    _field("in_95", "whether the year ended inside the 95% interval; null without one", Boolean()),
    comment="How each method would have forecast past years, from the authority's own history",
)

fact_control_limit = Table(
    "fact_control_limit",
    metadata,
    _key("authority_code", _AUTHORITY),
    _key("quarter_key", "quarter of the figure, as in 2019/20 Q3"),
    _key("kpi_id", "name of the KPI"),
    _field("value", "the quarter's figure, unrounded", Double()),
    _field("mean", "mean of the quarters since the last declared step change", Double()),
    _field("lower", "lower control limit, in the KPI's unit", Double()),
    _field("upper", "upper control limit, in the KPI's unit", Double()),
    _field("points", "quarters the limits rest on", Integer(), required=True),
    _field("status", "none (under 5 quarters), too_few (cases), trial (under 12) or firm", required=True),
    _field("variation", "common_cause, or special_improvement, _concern, _high or _low"),
    _field("assurance", "consistent_pass, consistent_fail or inconsistent beside the council's target"),
    _field("chart", "XmR, p, u, Laney p or Laney u"),
    _field("cause", "the rule that found a special variation, in words"),
    _field("caveat", "what to bear in mind, in words"),
    comment="Control limits: with a hundred KPIs expect two or three flags a quarter by chance alone",
)

fact_comparator = Table(
    "fact_comparator",
    metadata,
    _key("kpi_id", "name of the KPI the published series answers to"),
    _key("category", "all, or the category it is published for"),
    _key("authority_code", "GSS code: London E12000007, England E92000001, an authority"),
    _key("year_ending", "2019 is the year to 31 March 2019", Integer()),
    _field("value", "published value", Double()),
    _field("symbol", "why no value was published: c withheld, x not available, z not applicable"),
    _field("source", "publication the value is from"),
    _field("release", "its release"),
    comment="Published figures of other places, with their source (Open Government Licence)",
)

fact_headline = Table(
    "fact_headline",
    metadata,
    _key("authority_code", _AUTHORITY),
    _key("quarter_key", "quarter the headline is about"),
    _key("area", "area of the service"),
    _key("position", "order within the committee's table", Integer()),
    _field("text", "the headline, a whole sentence or more", required=True),
    _field("kpi_ids", "KPIs it is made from, joined by ;"),
    comment="The committee's headlines, made from the facts by rules",
)

delivery = Table(
    "delivery",
    metadata,
    _key("authority_code", _AUTHORITY),
    _key("delivery_id", "name of its folder in raw/<authority>/"),
    _field("as_at", "its as-at date", Date()),
    _field("covers_from", "first day it covers, where known", Date()),
    _field("files", "files received", Integer(), required=True),
    _field("lists", "lists found in it, joined by ;"),
    _field("rows_read", "rows read from its files", Integer(), required=True),
    _field("rows_core", "rows loaded", Integer(), required=True),
    _field("rows_quarantined", "rows set aside because a rule was broken", Integer(), required=True),
    _field("rows_superseded", "rows replaced by a newer delivery", Integer(), required=True),
    _field("status", "read, or refused as a whole", required=True),
    _field("reason", "why it was refused, naming the files"),
    comment="What was received: rows_read = rows_core + rows_quarantined + rows_superseded",
)

data_quality = Table(
    "data_quality",
    metadata,
    _key("authority_code", _AUTHORITY),
    _key("delivery_id", "delivery the issues were found in; empty when they concern several"),
    _key("list", "list they were found in; empty when they concern a file or several lists"),
    _key("rule", "rule that was broken"),
    _key("severity", "error, warning or info"),
    _field("issues", "number of issues", Integer(), required=True),
    _field("trend", "change against the last delivery that held the list; null for the first", Integer()),
    _field("suggestion", "what to do about it"),
    _field("message", "what it means"),
    _field("kpis", "KPIs it touches, joined by ;"),
    _field("is_newest", "true for the newest delivery that holds the list", Boolean()),
    comment="Issues in the data received, counted by delivery, list, rule and severity",
)

publication = Table(
    "publication",
    metadata,
    _key("version", "number of this publication, one higher than the one before", Integer()),
    _field("run_id", "the run that published", required=True),
    _field("published_at", "when, UTC", DateTime(), required=True),
    _field("inputs_hash", "hash of every file received", required=True),
    _field("figures_hash", "hash of every figure, without runs and times", required=True),
    _field("product_version", "version of the software", required=True),
    _field("authorities", "slugs of the authorities published, joined by ;", required=True),
    comment="The one publication this schema holds",
)
