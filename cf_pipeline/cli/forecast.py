"""`cf-pipeline forecast`: a KPI's year end by every method, as it stands or with quarters set.

It reads the figures in the lake. It writes nothing and does not open the warehouse.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from rich.table import Table

from cf_pipeline.cli.console import print_line, print_table
from cf_pipeline.contracts.authorities import authority as authority_of
from cf_pipeline.contracts.words.near_names import did_you_mean
from cf_pipeline.forecast import forecast_year_ends
from cf_pipeline.forecast.backtest import backtest
from cf_pipeline.forecast.explain import EXCEPTIONAL, add_explanations, format_figures, format_ranges
from cf_pipeline.forecast.scenario import ScenarioError, apply_scenario, parse_scenario
from cf_pipeline.kpi.definitions.registry import Kpi, load_registry
from cf_pipeline.project import lake_layout
from cf_pipeline.project.lake_reader import LakeReader
from cf_pipeline.project.settings import Settings

OK = 0
COLUMNS, RANGES = ("forecast", "last_year"), (80, 95)
HEADINGS = ("Method", "Year end", "80% range", "95% range", "Last year", "Called", "Shown")


def forecast_kpi(settings: Settings, kpi_id: str, slug: str | None, sets: Sequence[str]) -> int:
    """Print the forecasts of a KPI's newest year.

    Args:
        settings: of the project.
        kpi_id: name of the KPI.
        slug: the authority's folder; None when there is one only.
        sets: values for quarters, such as 'Q4=25'; none for the forecast as it stands.

    Raises:
        ScenarioError: the KPI or authority is not there, or a quarter cannot be set.
    """
    registry = load_registry()
    if kpi_id not in registry:
        hint = did_you_mean(kpi_id, registry)
        raise ScenarioError(f"There is no KPI {kpi_id}; dim_kpi and the report name them.{hint}")
    kpi = registry[kpi_id]
    name = _authority(settings, slug)
    quarterly, monthly = (
        _read_kpi(settings, key, name, kpi_id) for key in (lake_layout.QUARTERLY, lake_layout.MONTHLY)
    )
    values = parse_scenario(sets)
    if values:
        quarterly, monthly = apply_scenario(quarterly, monthly, kpi, values)
    forecasts = forecast_year_ends(quarterly, {kpi_id: kpi}, settings.choices, monthly)
    totals = forecasts[forecasts["breakdown"].eq("total")]
    if totals.empty:
        raise ScenarioError(f"KPI {kpi_id}: there is nothing to forecast from; its figures say why.")
    newest = totals[totals["fiscal_year"].eq(totals["fiscal_year"].max())]
    newest = newest[newest["quarters_used"].eq(newest["quarters_used"].max())]
    rows = add_explanations(newest, backtest(forecasts), registry)
    _print_forecasts(rows, kpi, authority_of(name).name, is_scenario=bool(values))
    return OK


def _authority(settings: Settings, slug: str | None) -> str:
    """The authority asked for, or the only one that has stored figures."""
    names = LakeReader(settings).authorities_with(lake_layout.QUARTERLY)
    if slug is not None and slug in names:
        return slug
    if not names:
        raise ScenarioError("No figures are stored yet: run `cf-pipeline run` first.")
    if slug is not None:
        hint = did_you_mean(slug, names)
        raise ScenarioError(f"No figures of {slug} are stored; there are {', '.join(names)}.{hint}")
    if len(names) > 1:
        raise ScenarioError(f"Say which authority with --authority: {', '.join(names)}.")
    return names[0]


def _read_kpi(settings: Settings, key: lake_layout.TableKey, authority: str, kpi_id: str) -> pd.DataFrame:
    """The rows of one KPI in a table of the lake."""
    rows = LakeReader(settings).read(key, authority)
    return rows[rows["kpi_id"].eq(kpi_id)].reset_index(drop=True)


def _print_forecasts(rows: pd.DataFrame, kpi: Kpi, name: str, *, is_scenario: bool) -> None:
    first = rows.iloc[0]
    quarters = int(first["quarters_used"])
    basis = f"{quarters} quarter{'s' if quarters > 1 else ''} of {first['fiscal_year']}"
    print_line(f"{name}: {kpi.title}, from {basis}{', as if measured so' if is_scenario else ''}")
    texts = {column: format_figures(rows[column], rows["kpi_id"], {kpi.id: kpi}) for column in COLUMNS}
    for level in RANGES:
        lower, upper = f"lower_{level}", f"upper_{level}"
        texts[lower], texts[upper] = format_ranges(rows[lower], rows[upper], rows["kpi_id"], {kpi.id: kpi})
    table = Table(*HEADINGS)
    for row in rows[["method", "label", "is_selected"]].assign(**texts).itertuples(index=False):
        table.add_row(
            str(row.method),
            str(row.forecast),
            _range(row.lower_80, row.upper_80),
            _range(row.lower_95, row.upper_95),
            str(row.last_year),
            str(row.label),
            "yes" if row.is_selected else "",
        )
    print_table(table)
    # The explanation of the model says it; where another method is shown, the range is still the model's.
    is_beside = rows["method"].eq("model") & ~rows["is_selected"]
    for quarters in rows.loc[is_beside, "exceptional_quarters"].dropna():
        print_line(f"{EXCEPTIONAL} (model): {quarters}.")
    for column in ("explanation", "outside_range"):
        for sentence in rows.loc[rows["is_selected"], column].dropna():
            print_line(str(sentence))


def _range(lower: object, upper: object) -> str:
    return f"{lower} to {upper}" if lower else ""
