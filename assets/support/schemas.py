"""The columns that the assets declare, in words: what Dagster shows before anything has run."""

from __future__ import annotations

import dagster as dg
from sqlalchemy import Boolean, Column, Date, DateTime, Double, Integer

from cf_pipeline.clean import issues
from cf_pipeline.clean.codes import unmatched_codes
from cf_pipeline.contracts.list_contract import PROVENANCE, ListContract
from cf_pipeline.history import issues_by_child
from cf_pipeline.history.holds import hold
from cf_pipeline.history.tables.core_tables import core_columns
from cf_pipeline.history.tables.derived_columns import DERIVED, RECORD
from cf_pipeline.ingest import findings
from cf_pipeline.ingest.manifest import MANIFEST
from cf_pipeline.ingest.tables.unmatched_headers import UNMATCHED
from cf_pipeline.kpi.lineage import as_reported, records_behind
from cf_pipeline.warehouse.tables.schemas import PUBLISHED as PUBLISHED_V1

_WHERE_FROM = {
    "delivery_id": "The delivery: the name of its folder.",
    "as_at": "The delivery's as-at date.",
    "file": "The file, relative to the delivery's folder.",
    "sheet": "The worksheet; empty for CSV.",
    "excel_row": "The row as Excel numbers it.",
}

Columns = dict[str, tuple[str, str]]
"""Name -> (type, description)."""


def _worded(types: dict[str, str], **words: str) -> Columns:
    """Columns as the domain types them, each with its words; a column without words is an error."""
    known = _WHERE_FROM | words
    return {name: (dtype, known[name]) for name, dtype in types.items()}


DELIVERIES = _worded(
    MANIFEST,
    as_at="Its as-at date.",
    covers_from="The first day it says it covers, where it says so.",
    sha256="Hash of the file's content.",
    bytes="Its size.",
    status="read, held, refused or ignored.",
    reason="Why it is held or was refused or ignored, one sentence.",
    list="The list found in it.",
    sheet="The worksheet the list was found on.",
    header_row="The row of the list's headers.",
    rows_read="Rows below the headers.",
    columns_supplied="Columns recognised, by canonical name.",
    columns_ignored="Headers that belong to no column of the list.",
    sheets_ignored="The file's sheets that gave no list, joined by ;.",
    is_delivery_refused="Whether the whole delivery was refused.",
)
HELD = _worded(
    hold.HELD,
    as_at="Its as-at date.",
    reason="What cannot be true of it, in counts.",
    content_hash="Hash of its files' contents: what a decision is about.",
)
_OF_ISSUES = {
    "list": "The list.",
    "rule": "The rule that was broken.",
    "severity": "error, warning or info.",
    "column": "The column.",
    "message": "What is wrong, without the cell's value.",
    "suggestion": "What to do.",
    "kpis": "The KPIs it touches, joined by ;.",
    "rows": "How many rows of the file it stands for.",
    "person_ref": "Keyed pseudonym of the child the row is about; null for a whole column or list.",
    "child_id": "The case system's identifier, for the restricted copy of the workbook alone.",
}
ISSUES = _worded(issues.ISSUES, **_OF_ISSUES)
ISSUE_PEOPLE = _worded(issues_by_child.ISSUE_PEOPLE, **_OF_ISSUES)
FINDINGS = _worded(
    findings.FINDINGS,
    list="The list.",
    rule="The rule that was broken.",
    column="The column; empty for a whole row.",
)
UNMATCHED_HEADERS = _worded(
    UNMATCHED,
    list="The list the sheet is, or comes nearest to.",
    header="The header that is no column of the list; '(not shown)' when it looks like data.",
    rows="The rows that are filled below it.",
    guess="The column of the list that comes nearest; empty without one.",
)
QUARANTINE = _worded(
    issues.QUARANTINE,
    list="The list.",
    rule="The rule that kept the row out.",
    reason="Why, without the cell's value.",
)
TO_DECIDE = _worded(
    unmatched_codes.TO_DECIDE,
    list="The list.",
    column="The coded column.",
    code_set="Its code set.",
    wording="The wording that fits no code; its place where it may be about a person.",
    rows="Rows that hold it.",
    guess="The code it most likely means; for a person to confirm.",
)
ROW_LEDGER = {
    "delivery_id": ("str", "The delivery."),
    "as_at": ("datetime64[us]", "Its as-at date."),
    "file": ("str", "The file."),
    "list": ("str", "The list."),
    "rows_read": ("Int64", "Rows read: always the sum of the next three."),
    "rows_core": ("Int64", "Rows that the core table rests on."),
    "rows_quarantined": ("Int64", "Rows kept out by a rule."),
    "rows_superseded": ("Int64", "Rows that a newer delivery replaced."),
}
CORE_DELIVERIES = {
    "delivery_id": ("str", "The delivery."),
    "as_at": ("datetime64[us]", "Its as-at date."),
    "covers_from": ("datetime64[us]", "The first day it covers."),
    "lists": ("str", "The lists in it, joined by ;."),
    "files": ("Int64", "The number of files."),
    "is_long_extract": ("boolean", "Whether it covers more than the usual window."),
}
PERSON = {
    "person_ref": ("str", "Keyed pseudonym of the child."),
    "child_id": ("str", "The case system's identifier; it leaves the core tables nowhere else."),
    "date_of_birth": ("datetime64[us]", "Date of birth, or expected date."),
    "gender": ("str", "Canonical code."),
    "ethnicity": ("str", "Canonical code."),
    "has_disability": ("str", "Canonical code."),
}
COVERAGE = {
    "delivery_id": ("str", "The delivery."),
    "as_at": ("datetime64[us]", "Its as-at date."),
    "list": ("str", "The list."),
    "covers_from": ("datetime64[us]", "First day of the list that the delivery covers."),
    "covers_to": ("datetime64[us]", "Last day: the as-at date."),
    "columns_supplied": ("str", "Columns that every file of the list has, joined by ;."),
}
_OF_FIGURES = {
    "quarter_key": "The quarter; basis year carries quarter 4's key.",
    "basis": "quarter, ytd or year.",
    "kpi_id": "The KPI.",
}
MEMBERS = _worded(
    records_behind.MEMBERS,
    **_OF_FIGURES,
    role="numerator or denominator.",
    member_no="The member's number within the figure, from 1.",
    person_ref="Keyed pseudonym of the child (or adopter).",
    record_key="The counted record's key across deliveries.",
    list="The list it is in.",
    team="The record's team, where the list has one.",
)
REPORTED = _worded(
    as_reported.REPORTED,
    **_OF_FIGURES,
    value="The total as it was known then.",
    as_at="The as-at date of the newest delivery it rests on.",
    deliveries="Short hash of the files it rests on.",
    edition="Short hash of the product and of what steers it.",
    definition="Short hash of the KPI's rules.",
)
IS_CURRENT = {
    "is_current": (
        "boolean",
        "Whether it is of the newest release that holds the figure; older ones are kept.",
    )
}
POPULATION = {
    "authority_code": ("str", "GSS code of the place."),
    "mid_year": ("Int64", "The year of the estimate, at 30 June."),
    "persons": ("Int64", "Children aged 0 to 17."),
}
FILES = {
    "authority_code": ("str", "GSS code of the authority."),
    "slug": ("str", "Its folder."),
    "path": ("str", "The file that was written."),
    "bytes": ("Int64", "Its size."),
}
PUBLISHED = {
    "table": ("str", "The table of published_v1."),
    "rows": ("Int64", "Rows published."),
}
_SQL_TYPES = (
    (Boolean, "boolean"),
    (Integer, "Int64"),
    ((Date, DateTime), "datetime64[us]"),
    (Double, "Float64"),
)


def schema(columns: Columns) -> dg.TableSchema:
    """A table of columns: name -> (type, description)."""
    return dg.TableSchema(
        columns=[
            dg.TableColumn(name, type=dtype, description=description)
            for name, (dtype, description) in columns.items()
        ]
    )


def ingested_schema(contract: ListContract) -> dg.TableSchema:
    """A list as it was read: every cell text, and where it came from."""
    cells = {column.name: ("str", column.description) for column in contract.columns}
    return schema(cells | _provenance())


def clean_schema(contract: ListContract) -> dg.TableSchema:
    """A list with its contract's types, and where each row came from."""
    cells = {column.name: (column.dtype, column.description) for column in contract.columns}
    return schema(cells | _provenance())


def core_schema(contract: ListContract) -> dg.TableSchema:
    """A list's history: the child's id replaced by person_ref, derived columns added."""
    words = {column.name: column.description for column in contract.columns} | _WHERE_FROM
    words |= {derived.name: derived.description for derived in (*RECORD, *DERIVED.get(contract.name, ()))}
    return schema({name: (dtype, words[name]) for name, dtype in core_columns(contract.name).items()})


def states_schema(contract: ListContract, states: tuple[str, ...]) -> dg.TableSchema:
    """What a list said of each record, delivery by delivery."""
    kept = {"record_key", "person_ref", "delivery_id", "as_at", *states}
    return dg.TableSchema(columns=[column for column in core_schema(contract).columns if column.name in kept])


def published_schema(
    table: str, without: tuple[str, ...] = ("run_id",), also: dict[str, tuple[str, str]] | None = None
) -> dg.TableSchema:
    """The columns of a published table, as the warehouse's contract words them, and those the lake adds."""
    columns = PUBLISHED_V1.tables[table].columns
    return schema(
        {
            column.name: (_dtype(column), column.comment or "")
            for column in columns
            if column.name not in without
        }
        | (also or {})
    )


def _provenance() -> dict[str, tuple[str, str]]:
    return {name: (dtype, _WHERE_FROM[name]) for name, dtype in PROVENANCE.items()}


def _dtype(column: Column[object]) -> str:
    return next((dtype for types, dtype in _SQL_TYPES if isinstance(column.type, types)), "str")
