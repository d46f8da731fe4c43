"""The contract of `published_v1`: every table and column that a consumer may rely on.

Here: names, types, keys and descriptions. Not here: how the rows are made (`assemble`), how they are
written (`publish`), or anything about one database (`dialects`). Additive change only.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Date, DateTime, Double, Integer, MetaData, Table, Unicode

from cf_pipeline.warehouse.tables.columns import AUTHORITY, QUARTER, RUN, SYMBOL, field, key

SCHEMA = "published_v1"

metadata = MetaData(schema=SCHEMA)

dim_authority = Table(
    "dim_authority",
    metadata,
    key("authority_code", AUTHORITY),
    field("slug", "its folder in raw/", required=True),
    field("name", "its name", required=True),
    field("kind", "local_authority, region or country", required=True),
    field("latest_as_at", "as-at date of the newest delivery its figures rest on", Date()),
    field("latest_quarter_key", "newest quarter that its figures report on"),
    comment="Authorities with figures here, one row each",
)

dim_quarter = Table(
    "dim_quarter",
    metadata,
    key("quarter_key", "quarter, as in 2019/20 Q3"),
    field("fiscal_year", "financial year, April to March, as in 2019/20", required=True),
    field("quarter_no", "1 (April to June) to 4 (January to March)", Integer(), required=True),
    field("start_date", "first day", Date(), required=True),
    field("end_date", "last day", Date(), required=True),
    comment="Quarters that a figure here belongs to, one row each",
)

dim_category = Table(
    "dim_category",
    metadata,
    key("breakdown", "what figures are split by: total, band, age_band, gender and so on"),
    key("category", "canonical code of the category; all for the total"),
    field("label", "the category in words", required=True),
    field("group", "the wider group it belongs to, where there is one"),
    field("position", "order to show it in, from 1 within its breakdown", Integer(), required=True),
    comment="Categories of every breakdown used here, one row each",
)

dim_kpi = Table(
    "dim_kpi",
    metadata,
    key("kpi_id", "name of the KPI"),
    field("area", "area of the service, as in the committee's table", required=True),
    field("title", "what it measures", required=True),
    field("measure_class", "output, timeliness, outcome or process", required=True),
    field("kind", "flow_count, stock, percentage or distribution", required=True),
    field("unit", "unit of its value"),
    field("polarity", "higher_better, lower_better or context (neither)", required=True),
    field("decimals", "decimal places to show it with", Integer(), required=True),
    field("numerator_text", "what the numerator counts"),
    field("denominator_text", "what the denominator counts; null for a count"),
    field("threshold", "the limit or target it is held against, where there is one"),
    field("legal_source", "the law or guidance behind it"),
    field("comparator_note", "what may and may not be compared with it"),
    field("comparator_series", "the published series it is compared with; null when there is none"),
    field("position", "order to show it in, from 1, areas together", Integer(), required=True),
    comment="Definitions of the KPIs, one row each",
)

fact_kpi_quarterly = Table(
    "fact_kpi_quarterly",
    metadata,
    key("authority_code", AUTHORITY),
    key("quarter_key", QUARTER),
    key("basis", "quarter, ytd (from 1 April to the quarter's end) or year"),
    key("kpi_id", "name of the KPI"),
    key("breakdown", "total, or what the figure is split by"),
    key("category", "all, or the category"),
    field("numerator", "count, or what is counted of the denominator", Double()),
    field("denominator", "what the numerator is a part of; null for a count", Double()),
    field("value", "count, or percentage 0 to 100, unrounded", Double()),
    field("symbol", SYMBOL),
    field("reason", "the symbol's reason, one sentence"),
    field("as_at", "as-at date of the newest delivery behind the figure", Date()),
    field("run_id", RUN, required=True),
    comment="KPI values: authority x quarter x basis x KPI x breakdown x category",
)

fact_kpi_comparison = Table(
    "fact_kpi_comparison",
    metadata,
    key("authority_code", AUTHORITY),
    key("quarter_key", QUARTER),
    key("basis", "basis of the value that is compared"),
    key("kpi_id", "name of the KPI"),
    key(
        "against",
        "previous_quarters, same_quarter_last_year, last_year, last_year_end, forecast_vs_last_year, london, "
        "inner_london, england, neighbours (the median of the statistical neighbours) or own_published",
    ),
    field("value", "the value that is compared, unrounded", Double()),
    field("reference", "what it is compared with, unrounded", Double()),
    field("difference", "value minus reference; percentage points for a percentage", Double()),
    field("difference_pct", "difference as a percentage of the reference", Double()),
    field("phrase", "the comparison in words; never a judgement"),
    field("year_ending", "year of the published reference, as in fact_comparator; else null", Integer()),
    field("note", "what must be said with a published reference: how close neighbours are, rounding"),
    field("chance", "beside another place: whether chance alone would explain the difference, in words"),
    comment="Comparisons of KPI totals with earlier periods and other places",
)

fact_kpi_forecast = Table(
    "fact_kpi_forecast",
    metadata,
    key("authority_code", AUTHORITY),
    key("fiscal_year", "financial year that is forecast, as in 2019/20"),
    key("quarters_used", "complete quarters of that year the forecast rests on", Integer()),
    key("kpi_id", "name of the KPI"),
    key("breakdown", "total, or what the figure is split by"),
    key("category", "all, or the category"),
    key("method", "how the KPIs were forecast, as in pro_rata; what one of them was carried by is its label"),
    field("is_selected", "true for the method that reports use", Boolean(), required=True),
    field("forecast", "year-end forecast, unrounded", Double()),
    field("lower_80", "lower end of the 80% interval", Double()),
    field("upper_80", "upper end of the 80% interval", Double()),
    field("lower_95", "lower end of the 95% interval", Double()),
    field("upper_95", "upper end of the 95% interval", Double()),
    field("last_year", "last year's outturn, unrounded", Double()),
    field(
        "label", "how the forecast is to be called, in words: what was done, as in children so far this year"
    ),
    field("explanation", "what is known and expected, and how such forecasts did before, in words"),
    field("symbol", SYMBOL),
    field("run_id", RUN, required=True),
    comment="Year-end forecasts",
)

fact_forecast_record = Table(
    "fact_forecast_record",
    metadata,
    key("authority_code", AUTHORITY),
    key("kpi_id", "name of the KPI"),
    key("fiscal_year", "past financial year that was forecast, as in 2018/19"),
    key("quarters_used", "complete quarters of that year the forecast rests on: 1, 2 or 3", Integer()),
    key("method", "how it was forecast, as in pro_rata"),
    field("forecast", "what would have been forecast for the total, unrounded", Double(), required=True),
    field("outturn", "how the year ended", Double(), required=True),
    field("abs_pct_error", "error in percent of the outturn; null for an outturn under 1", Double()),
    field("in_80", "whether the year ended inside the 80% interval; null without one", Boolean()),
    field("in_95", "whether the year ended inside the 95% interval; null without one", Boolean()),
    comment="How each method would have forecast past years, from the authority's own history",
)

fact_control_limit = Table(
    "fact_control_limit",
    metadata,
    key("authority_code", AUTHORITY),
    key("quarter_key", "quarter of the figure, as in 2019/20 Q3"),
    key("kpi_id", "name of the KPI"),
    field("value", "the quarter's figure, unrounded", Double()),
    field("mean", "mean of the quarters since the last declared step change", Double()),
    field("lower", "lower control limit, in the KPI's unit", Double()),
    field("upper", "upper control limit, in the KPI's unit", Double()),
    field("points", "quarters the limits rest on", Integer(), required=True),
    field("status", "none (under 5 quarters), too_few (cases), trial (under 12) or firm", required=True),
    field("variation", "common_cause, or special_improvement, _concern, _high or _low"),
    field("assurance", "consistent_pass, consistent_fail or inconsistent beside the council's target"),
    field("chart", "XmR, p, u, Laney p or Laney u"),
    field("cause", "the rule that found a special variation, in words"),
    field("caveat", "what to bear in mind, in words"),
    comment="Control limits: with a hundred KPIs expect two or three flags a quarter by chance alone",
)

fact_comparator = Table(
    "fact_comparator",
    metadata,
    key("kpi_id", "name of the KPI the published series answers to"),
    key("category", "all, or the category it is published for"),
    key(
        "authority_code",
        "GSS code: London E12000007, England E92000001, an authority; with -N the median of its neighbours",
    ),
    key("year_ending", "2019 is the year to 31 March 2019 (workforce: 30 September)", Integer()),
    field("value", "published value", Double()),
    field(
        "symbol",
        "why no value was published, as there: c withheld, x or : not available, z not applicable, k or low "
        "rounds to 0, u unreliable, - withheld or not available",
        Unicode(3),
    ),
    field("source", "publication the value is from"),
    field("release", "its release"),
    field("file", "the file it was read from"),
    field("is_comparable", "false when the national definition differs from the KPI's", Boolean()),
    field("note", "what differs, or how close the neighbours of a median are"),
    comment="Published figures of other places, with their source (Open Government Licence)",
)

dim_neighbour = Table(
    "dim_neighbour",
    metadata,
    key("authority_code", AUTHORITY),
    key("rank", "1 for the closest, to 10", Integer()),
    field("neighbour_code", "GSS code of the neighbour", required=True),
    field("neighbour", "its name", required=True),
    field("closeness", "Extremely close, Very close, Close, Somewhat close or Not close", required=True),
    comment="Statistical neighbours of the authorities with figures here, and how close they are",
)

fact_headline = Table(
    "fact_headline",
    metadata,
    key("authority_code", AUTHORITY),
    key("quarter_key", "quarter the headline is about"),
    key("area", "area of the service"),
    key("position", "order within the committee's table", Integer()),
    field("text", "the headline, a whole sentence or more", required=True),
    field("kpi_ids", "KPIs it is made from, joined by ;"),
    comment="The committee's headlines, made from the facts by rules",
)

kpi_revision = Table(
    "kpi_revision",
    metadata,
    key("authority_code", AUTHORITY),
    key("quarter_key", QUARTER),
    key("basis", "quarter, ytd (from 1 April to the quarter's end) or year"),
    key("kpi_id", "name of the KPI"),
    key("from_as_at", "as-at date of the delivery that the earlier figure rested on", Date()),
    key("to_as_at", "as-at date of the delivery that changed it; the same when a definition did", Date()),
    field("from_value", "the total as it was reported, unrounded", Double()),
    field("to_value", "the total since; null when it is not covered any more", Double()),
    field(
        "reason", "late entry, correction, withdrawal and so on, with the number of records", required=True
    ),
    comment="Totals that a later delivery or definition gave another value",
)

delivery = Table(
    "delivery",
    metadata,
    key("authority_code", AUTHORITY),
    key("delivery_id", "name of its folder in raw/<authority>/"),
    field("as_at", "its as-at date", Date()),
    field("covers_from", "first day it covers, where known", Date()),
    field("files", "files received", Integer(), required=True),
    field("lists", "lists found in it, joined by ;"),
    field("rows_read", "rows read from its files", Integer(), required=True),
    field("rows_core", "rows loaded", Integer(), required=True),
    field("rows_quarantined", "rows set aside because a rule was broken", Integer(), required=True),
    field("rows_superseded", "rows replaced by a newer delivery", Integer(), required=True),
    field("status", "read, held until someone accepts it, or refused as a whole", required=True),
    field("reason", "why it was refused, naming the files, or what it is held for"),
    comment="What was received: rows_read = rows_core + rows_quarantined + rows_superseded",
)

data_quality = Table(
    "data_quality",
    metadata,
    key("authority_code", AUTHORITY),
    key("delivery_id", "delivery the issues were found in; empty when they concern several"),
    key("list", "list they were found in; empty when they concern a file or several lists"),
    key("rule", "rule that was broken"),
    key("severity", "error, warning or info"),
    field("issues", "number of issues", Integer(), required=True),
    field("trend", "change against the last delivery that held the list; null for the first", Integer()),
    field("suggestion", "what to do about it"),
    field("message", "what it means"),
    field("kpis", "KPIs it touches, joined by ;"),
    field("is_newest", "true for the newest delivery that holds the list", Boolean()),
    comment="Issues in the data received, counted by delivery, list, rule and severity",
)

publication = Table(
    "publication",
    metadata,
    key("version", "number of this publication, one higher than the one before", Integer()),
    field("run_id", "the run that published", required=True),
    field("published_at", "when, UTC", DateTime(), required=True),
    field("inputs_hash", "hash of every file received", required=True),
    field("figures_hash", "hash of every figure, without runs and times", required=True),
    field("product_version", "version of the software", required=True),
    field("authorities", "slugs of the authorities published, joined by ;", required=True),
    comment="The one publication this schema holds",
)
