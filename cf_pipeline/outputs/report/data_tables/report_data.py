"""The report's figures as data: which tables, and the words of their columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

import pandas as pd

from cf_pipeline.outputs.public_release import breakdown_words
from cf_pipeline.outputs.report.cells import NoteList
from cf_pipeline.outputs.report.data_tables.breakdowns import TOTAL, breakdown_rows, period_names
from cf_pipeline.outputs.report.data_tables.symbols import NOT_APPLICABLE, SYMBOLS, figures_or_symbols
from cf_pipeline.outputs.report.data_tables.totals import latest_totals, quarter_totals, year_totals
from cf_pipeline.outputs.report.model import DataTable, ReportData
from cf_pipeline.outputs.report.published_facts import PublishedFacts
from cf_pipeline.outputs.report.words import all_words, phrase, phrases

Places: TypeAlias = Sequence[tuple[str, str]]
"""What a comparison is against, and the name of the place."""
MEASURE = ["area", "title", "unit"]
COUNTS = ["numerator", "denominator"]
FORECAST = ["forecast", "likely_from", "likely_to"]
DEFINED_BY = ["numerator_text", "denominator_text", "threshold", "legal_source", "comparator_note"]
WHEN_KNOWN = frozenset({"year_to_date", "same_quarter_last_year", "last_year", "target", *FORECAST})
"""The columns that are left out where they hold no figure: a release has no years to date, for instance."""


def report_data(tables: Mapping[str, pd.DataFrame], facts: PublishedFacts, places: Places) -> ReportData:
    """Notes, definitions, the latest quarter, quarters, years, and one table a breakdown.

    A table without rows is left out, and of the columns beside a figure those without any figure.

    Args:
        tables: those of the edition's schema, with every breakdown of `fact_kpi_quarterly` and every row of
            `dim_category`.
        facts: what was published of the quarter.
        places: the places that figures stand beside.
    """
    notes = NoteList()
    rows = _figure_rows(tables, facts)
    rows = rows.assign(note=_notes(rows, notes))
    kpis = _worded(tables["dim_kpi"][tables["dim_kpi"]["kpi_id"].isin(rows["kpi_id"].unique().tolist())])
    found = [
        _definitions(kpis.sort_values("position")),
        *_totals(rows[rows["breakdown"].eq(TOTAL)], tables, facts, places),
        *_breakdowns(rows[rows["breakdown"].ne(TOTAL)]),
    ]
    words = {name: phrase("data_tables", name) for name in ("contents", "contents_about", "sheet", "holds")}
    return ReportData(
        title=phrase("data_tables", "title", authority=facts.authority.name, quarter=facts.quarter_name),
        about=phrases("data_tables", "about"),
        tables=(_notes_table(notes), *(table for table in found if len(table.frame))),
        words=words,
    )


def _of(frame: pd.DataFrame, facts: PublishedFacts) -> pd.DataFrame:
    return frame[frame["authority_code"].eq(facts.authority.authority_code)]


def _figure_rows(tables: Mapping[str, pd.DataFrame], facts: PublishedFacts) -> pd.DataFrame:
    """The rows that are shown: KPI and category in words, a number or a symbol in each cell."""
    figures = _of(tables["fact_kpi_quarterly"], facts)
    is_total = figures["breakdown"].eq(TOTAL)
    rows = pd.concat([figures[is_total], breakdown_rows(figures, facts.quarter)])
    kpis = _worded(tables["dim_kpi"])[["kpi_id", *MEASURE, "kind", "direction", "decimals", "position"]]
    categories = tables["dim_category"][["category_key", "label", "position"]]
    rows = rows.merge(kpis, on="kpi_id").merge(
        categories.rename(columns={"position": "category_position"}), on="category_key", how="left"
    )
    rows = rows.sort_values(["position", "quarter_key", "category_position"])
    rows = rows.assign(label=rows["label"].fillna(rows["category"]))
    return figures_or_symbols(rows, rows["kind"])


def _worded(kpis: pd.DataFrame) -> pd.DataFrame:
    """The KPIs with their direction in words, and a word or a symbol in the place of their unit."""
    units = kpis["unit"].replace({"%": phrase("data_tables", "percent")}).fillna(NOT_APPLICABLE)
    directions = {name: phrase("polarity", name) for name in kpis["polarity"].unique()}
    return kpis.assign(unit=units, direction=kpis["polarity"].map(directions))


def _notes(figures: pd.DataFrame, notes: NoteList) -> pd.Series:
    """The note of each figure: the reason that it is missing, and what is to be known of it."""
    texts = figures[["reason", "note"]].astype(object).fillna("")
    joined = (texts["reason"] + " " + texts["note"]).str.strip()
    found = {text: _note_name(notes.number(text)) for text in joined.unique() if text}
    return joined.map({"": phrase("data_tables", "no_note"), **found})


def _note_name(number: int) -> str:
    """'[note 3]'."""
    return phrase("data_tables", "note", number=number)


def _notes_table(notes: NoteList) -> DataTable:
    """What the symbols mean, and the notes by their numbers."""
    rows = [(symbol, phrase("symbols", published)) for published, symbol in SYMBOLS.items()]
    rows += [(_note_name(number), text) for number, text in enumerate(notes.texts, start=1)]
    return _table("notes", pd.DataFrame(rows, columns=["symbol", "meaning"]), ["symbol", "meaning"])


def _definitions(kpis: pd.DataFrame) -> DataTable:
    words = kpis.assign(**kpis[DEFINED_BY].fillna(NOT_APPLICABLE))
    return _table("definitions", words, [*MEASURE, "direction", *DEFINED_BY, "kpi_id"])


def _totals(
    totals: pd.DataFrame, tables: Mapping[str, pd.DataFrame], facts: PublishedFacts, places: Places
) -> Iterator[DataTable]:
    own = {name: _of(tables[name], facts) for name in ("fact_kpi_comparison", "fact_target")}
    quarters, years = quarter_totals(totals, own, places), year_totals(totals)
    latest = latest_totals(quarters, years, facts)
    beside = [name for against, _ in places for name in (against, f"{against}_year")]
    before = ["year_to_date", "same_quarter_last_year", "last_year", "target"]
    yield _table(
        "latest_quarter",
        latest,
        [*MEASURE, "direction", "value", *COUNTS, *before, *FORECAST, "method", *beside, "note"],
        places,
        quarter=facts.quarter_name,
    )
    more = ["year_to_date", "target", *beside, "note"]
    yield _table("quarters", quarters, [*MEASURE, "quarter_key", "value", *COUNTS, *more], places)
    yield _table("years", years, [*MEASURE, "year", "value", *COUNTS, "note"])


def _breakdowns(figures: pd.DataFrame) -> Iterator[DataTable]:
    rows = figures.assign(period=period_names(figures))
    columns = ["title", "unit", "period", "label", "value", *COUNTS, "note"]
    for breakdown, found in rows.groupby("breakdown"):
        yield _table(f"by_{breakdown}", found, columns, label=breakdown_label(str(breakdown)))


def breakdown_label(breakdown: str) -> str:
    """'By age band' for age_band."""
    return str(all_words()["breakdowns"].get(breakdown, f"By {breakdown_words(breakdown)}"))


def _table(
    name: str,
    rows: pd.DataFrame,
    columns: Sequence[str],
    places: Places = (),
    *,
    label: str = "",
    **values: str,
) -> DataTable:
    """One table with the chosen columns, in words.

    Args:
        name: its name; words of that name, or of `breakdown`, say what it holds.
        rows: its rows, with `decimals` where they hold figures.
        columns: the columns, in order; those of `WHEN_KNOWN` and of places where one holds a figure, that of
            notes where there is one.
        places: the places that have columns.
        label: its short name, where the words have none.
        values: of the placeholders in its title.
    """
    key = "breakdown" if label else name
    label = label or phrase("data_labels", name)
    beside = {against for against, _ in places}
    optional = WHEN_KNOWN | beside | {f"{against}_year" for against in beside}
    needless = {column for column in columns if column in optional and not _has_number(rows[column])}
    if "note" in columns and rows["note"].eq(phrase("data_tables", "no_note")).all():
        needless.add("note")
    shown = [column for column in columns if column not in needless]
    names = {
        **all_words()["data_columns"],
        **dict(places),
        **{f"{against}_year": phrase("data_tables", "year_of", place=place) for against, place in places},
    }
    figures = {"value", *WHEN_KNOWN, *beside}
    return DataTable(
        name=name,
        label=label,
        title=phrase("data_titles", key, label=label, **values),
        about=phrase("data_about", key),
        frame=rows[shown].rename(columns=names).reset_index(drop=True),
        figures=tuple(str(names[column]) for column in shown if column in figures),
        counts=tuple(str(names[column]) for column in shown if column in COUNTS),
        decimals=tuple(map(int, rows["decimals"])) if "decimals" in rows and "value" in shown else (),
    )


def _has_number(column: pd.Series) -> bool:
    return any(not isinstance(cell, str) for cell in column)
