"""The columns that the assets declare, in words: what Dagster shows before anything has run."""

from __future__ import annotations

import dagster as dg
from sqlalchemy import Boolean, Column, Date, DateTime, Double, Integer

from cf_pipeline.contracts.lists import PROVENANCE, ListContract
from cf_pipeline.history.schema import DERIVED, RECORD, core_columns
from cf_pipeline.warehouse.tables import metadata

_WHERE_FROM = {
    "delivery_id": "The delivery: the name of its folder.",
    "as_at": "The delivery's as-at date.",
    "file": "The file, relative to the delivery's folder.",
    "sheet": "The worksheet; empty for CSV.",
    "excel_row": "The row as Excel numbers it.",
}

DELIVERIES = {
    "delivery_id": ("str", "The delivery: the name of its folder."),
    "as_at": ("datetime64[us]", "Its as-at date."),
    "covers_from": ("datetime64[us]", "The first day it says it covers, where it says so."),
    "file": ("str", "The file, relative to the delivery's folder."),
    "sha256": ("str", "Hash of the file's content."),
    "bytes": ("Int64", "Its size."),
    "status": ("str", "read, refused or ignored."),
    "reason": ("str", "Why it was refused or ignored, one sentence."),
    "list": ("str", "The list found in it."),
    "sheet": ("str", "The worksheet the list was found on."),
    "header_row": ("Int64", "The row of the list's headers."),
    "rows_read": ("Int64", "Rows below the headers."),
    "columns_supplied": ("str", "Columns recognised, by canonical name."),
    "columns_ignored": ("str", "Headers that belong to no column of the list."),
    "is_delivery_refused": ("boolean", "Whether the whole delivery was refused."),
}
ISSUES = {
    "list": ("str", "The list."),
    "rule": ("str", "The rule that was broken."),
    "severity": ("str", "error, warning or info."),
    **{name: (dtype, _WHERE_FROM[name]) for name, dtype in PROVENANCE.items()},
    "column": ("str", "The column."),
    "message": ("str", "What is wrong, without the cell's value."),
    "suggestion": ("str", "What to do."),
    "kpis": ("str", "The KPIs it touches, joined by ;."),
    "rows": ("Int64", "How many rows of the file it stands for."),
}
ISSUE_PEOPLE = {
    **ISSUES,
    "person_ref": ("str", "Keyed pseudonym of the child the row is about; null for a whole column or list."),
    "child_id": ("str", "The case system's identifier, for the restricted copy of the workbook alone."),
}
FINDINGS = {
    "list": ("str", "The list."),
    "rule": ("str", "The rule that was broken."),
    **{name: (dtype, _WHERE_FROM[name]) for name, dtype in PROVENANCE.items()},
    "column": ("str", "The column; empty for a whole row."),
}
UNMATCHED_HEADERS = {
    "delivery_id": ("str", "The delivery: the name of its folder."),
    "as_at": ("datetime64[us]", "The delivery's as-at date."),
    "file": ("str", "The file, relative to the delivery's folder."),
    "sheet": ("str", "The worksheet; empty for CSV."),
    "list": ("str", "The list the sheet is, or comes nearest to."),
    "header": ("str", "The header that is no column of the list; '(not shown)' when it looks like data."),
    "rows": ("Int64", "The rows that are filled below it."),
    "guess": ("str", "The column of the list that comes nearest; empty without one."),
}
QUARANTINE = {
    "list": ("str", "The list."),
    **{name: (dtype, _WHERE_FROM[name]) for name, dtype in PROVENANCE.items()},
    "rule": ("str", "The rule that kept the row out."),
    "reason": ("str", "Why, without the cell's value."),
}
TO_DECIDE = {
    "list": ("str", "The list."),
    "column": ("str", "The coded column."),
    "code_set": ("str", "Its code set."),
    "wording": ("str", "The wording that fits no code; its place where it may be about a person."),
    "rows": ("Int64", "Rows that hold it."),
    "guess": ("str", "The code it most likely means; for a person to confirm."),
}
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


def schema(columns: dict[str, tuple[str, str]]) -> dg.TableSchema:
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
    columns = metadata.tables[f"{metadata.schema}.{table}"].columns
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
