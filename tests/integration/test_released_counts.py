"""No count from 1 to the threshold is in what the public reads, nor in a breakdown of what a committee reads.

Every file of a release is read as what it is: tables, cells, attributes, descriptions, statistics and names.
"""

from __future__ import annotations

import csv
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from cf_pipeline.cli.main import main
from cf_pipeline.disclosure.sides import count_sides
from cf_pipeline.kpi.definitions.registry import load_registry
from cf_pipeline.warehouse.tables.schemas import COMMITTEE, PUBLIC, Schema
from tests.integration.published_paper import run_in
from tests.support.public_page import PublicPage
from tests.support.small_counts import COUNTS, SHARES, SMALL, small_counts, small_rests
from tests.support.workbook_tables import is_number, open_workbook, table_of

ROLES = ("numerator", "denominator")
HEADERS = "Child Unique ID,Gender,Date of Birth,Date of Referral,Referral NFA?\n"
FILE_NAMES = {
    "index.html", "datapackage.json", "definitions.csv", "childrens_services_quarterly.csv",
    "childrens_services_quarterly.meta.csv", "childrens_services_yearly.csv",
    "childrens_services_yearly.meta.csv",
    "report_public_2019-12-31.docx", "report_public_2019-12-31.pdf", "report_public_2019-12-31.xlsx",
}  # fmt: skip
ATTRIBUTES = {
    "aria-hidden", "aria-label", "charset", "class", "content", "data-label", "href", "http-equiv", "id",
    "lang", "name", "role", "scope", "tabindex",
}  # fmt: skip


@pytest.fixture(scope="module")
def patch() -> Iterator[pytest.MonkeyPatch]:
    with pytest.MonkeyPatch.context() as patch:
        yield patch


@pytest.fixture(scope="module", params=["referrals", pytest.param("sample", marks=pytest.mark.slow)])
def project(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, patch: pytest.MonkeyPatch
) -> Path:
    """A council whose figures are released: sixty invented referrals, or the sample."""
    if request.param == "sample":
        released: Path = request.getfixturevalue("released_project")
        return released
    folder = tmp_path_factory.mktemp("released")
    deliver_referrals(folder / "raw/city-of-london/2019-12-31")
    assert run_in(folder, patch) == 0
    assert main(["release"]) == 0
    return folder


def deliver_referrals(folder: Path) -> None:
    """Three boys among sixty children, of all ages, forty of them in the last quarter."""
    folder.mkdir(parents=True)
    rows = []
    for n in range(60):
        gender, month, action = "M" if n < 3 else "F", 11 if n < 40 else 8, "Y" if n % 13 == 0 else "N"
        rows.append(f"A{n:04},{gender},{2003 + n % 16}-05-01,2019-{month:02}-{1 + n % 28:02},{action}")
    (folder / "referrals.csv").write_text(HEADERS + "\n".join(rows) + "\n")


def read_schema(project: Path, file: str) -> duckdb.DuckDBPyConnection:
    path = project / "data/warehouse/released" / f"{file}.duckdb"
    return duckdb.connect(str(path), read_only=True)


def facts(project: Path, file: str, table: str = "fact_kpi_quarterly") -> pd.DataFrame:
    """The rows of a table with the kind of their KPI."""
    with read_schema(project, file) as connection:
        schema = connection.sql("SELECT schema_name FROM duckdb_schemas() WHERE schema_name LIKE '%_v1'")
        (name,) = schema.fetchone() or ()
        return connection.sql(f"FROM {name}.{table} JOIN {name}.dim_kpi USING (kpi_id)").df()


def approved_counts(project: Path) -> set[tuple[str, str]]:
    """Each KPI and role whose total the council approved, by that KPI's name or another's."""
    names = count_sides(load_registry()).names
    with read_schema(project, "committee") as connection:
        rows = connection.sql("FROM committee_v1.release_approval SELECT kpi_id").fetchall()
    approved = {names[kpi_id, role] for (kpi_id,) in rows for role in ROLES if (kpi_id, role) in names}
    return {role for role, name in names.items() if name in approved}


def told_by_the_paper(project: Path) -> set[tuple[str, int, int]]:
    """Totals in the committee's paper of which both counts are approved: title, numerator, denominator.

    What the one leaves of the other is out by the council's decision, for the public too.
    """
    approved = approved_counts(project)
    rows = facts(project, "committee").dropna(subset=list(ROLES))
    rows = rows[[{(kpi_id, role) for role in ROLES} <= approved for kpi_id in rows["kpi_id"]]]
    return set(
        zip(rows["title"], rows["numerator"].astype(int), rows["denominator"].astype(int), strict=True)
    )


def test_no_small_count_is_in_the_public_s_tables(project: Path) -> None:
    rows = facts(project, "public")
    assert rows["symbol"].eq("c").any() and rows["numerator"].gt(5).any()
    assert small_counts(rows) == set()
    assert small_rests(rows) <= told_by_the_paper(project)
    for table, columns in {
        "fact_kpi_comparison": ("value", "reference"),
        "fact_kpi_forecast": ("forecast", "last_year"),
    }.items():
        computed = facts(project, "public", table)
        counts = computed[computed["kind"].isin(COUNTS)]
        for column in columns:
            assert not counts[column].isin(SMALL).any(), (table, column)


def test_a_small_count_of_the_committee_is_an_approved_total(project: Path) -> None:
    rows = facts(project, "committee")
    assert len(rows)
    assert set(rows["breakdown"]) == {"total"}
    with read_schema(project, "committee") as connection:
        categories = connection.sql("FROM committee_v1.dim_category SELECT DISTINCT breakdown").fetchall()
    assert categories == [("total",)]
    assert small_counts(rows) <= approved_counts(project)
    assert small_rests(rows) <= told_by_the_paper(project)


@pytest.mark.parametrize(("file", "schema"), [("committee", COMMITTEE), ("public", PUBLIC)])
def test_a_file_is_described_in_the_words_of_its_contract(project: Path, file: str, schema: Schema) -> None:
    words = {column.description for contract in schema.contracts.values() for column in contract.columns}
    words |= {contract.title for contract in schema.contracts.values()} | set(schema.view_comments.values())
    with duckdb.connect(str(project / "data/warehouse/published.duckdb"), read_only=True) as staff:
        words |= comments(staff)
    with read_schema(project, file) as connection:
        assert comments(connection)
        assert comments(connection) <= words
        assert connection.sql("SELECT * FROM duckdb_sequences()").fetchall() == []


def comments(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """The comments on tables, views and columns of a file."""
    relations = [
        connection.sql(f"FROM duckdb_{kind}() SELECT comment") for kind in ("tables", "views", "columns")
    ]
    return {text for relation in relations for (text,) in relation.fetchall() if text}


def test_the_statistics_of_the_public_s_file_tell_no_small_count(project: Path) -> None:
    """DuckDB keeps the least and the greatest value of a part of a column beside it."""
    with read_schema(project, "public") as connection:
        stored = connection.sql(
            "FROM pragma_storage_info('public_v1.fact_kpi_quarterly') SELECT column_name, stats"
        ).fetchall()
    ends = [
        float(number)
        for name, stats in stored
        if name in ("numerator", "denominator")
        for number in re.findall(r"M(?:in|ax): (-?[\d.]+)", stats)
    ]
    assert ends
    assert not [number for number in ends if number in SMALL]


def test_no_small_count_is_in_the_open_data(project: Path) -> None:
    folder = project / "data/outputs/city-of-london/public/open_data"
    files = {
        path.name: list(csv.DictReader(path.open(encoding="utf-8-sig"))) for path in folder.glob("*.csv")
    }
    data = [name for name in files if re.fullmatch(r"childrens_services_(quarterly|yearly)\.csv", name)]
    assert data
    told = told_by_the_paper(project)
    for name in data:
        assert any(row["number"] == "c" for row in files[name]) or name.endswith("yearly.csv")
        for row in files[name]:
            number, whole = (
                int(row[column]) if row[column].isdecimal() else None for column in ("number", "out_of")
            )
            assert number not in SMALL and whole not in SMALL, row
            is_told = (row["measure"], number, whole) in told
            if number and whole is not None and row["percentage"] != "z" and not is_told:
                assert whole - number not in SMALL, row
    for name, rows in files.items():
        if name not in data:
            plain = {column for row in rows for column, text in row.items() if text and text.isdecimal()}
            assert plain <= {"indicator_dp", "decimals", "threshold"}, name


def test_numbers_of_the_package_are_of_files_and_of_the_release(project: Path) -> None:
    package = json.loads(
        (project / "data/outputs/city-of-london/public/open_data/datapackage.json").read_text()
    )
    assert {path for path, _ in numbers_in(package)} == {
        "release/number",
        "resources/bytes",
        "resources/rows",
    }


def numbers_in(value: object, path: str = "") -> Iterator[tuple[str, float]]:
    """The numbers of a JSON document with the names that lead to them."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from numbers_in(inner, f"{path}/{name}".strip("/"))
    elif isinstance(value, list):
        for inner in value:
            yield from numbers_in(inner, path)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield path, value


def test_no_small_count_is_on_the_public_page(project: Path) -> None:
    page = PublicPage((project / "data/outputs/city-of-london/public/index.html").read_text(encoding="utf-8"))
    kpis = facts(project, "public").set_index("kpi_id")
    kinds, titles = kpis["kind"].to_dict(), kpis["title"].to_dict()
    told = told_by_the_paper(project)
    assert page.rows
    for row in page.rows:
        for text in row.cells:
            words = text.split()
            if kinds[row.kpi_id] in COUNTS and words:
                assert not words[0].isdecimal() or int(words[0]) not in SMALL, row
            for part, whole in re.findall(r"([\d,]+) of ([\d,]+)", text):
                counts = [int(each.replace(",", "")) for each in (part, whole)]
                if (titles[row.kpi_id], *counts) not in told and counts[0]:
                    counts.append(counts[1] - counts[0])
                assert not set(counts) & set(SMALL), row
    assert page.comments == []
    assert {"script", "img", "iframe", "object"}.isdisjoint(page.tags)
    assert {name for name, _ in page.attributes} <= ATTRIBUTES
    with read_schema(project, "public") as connection:
        labels = {label for (label,) in connection.sql("FROM public_v1.dim_category SELECT label").fetchall()}
    labels |= set(titles.values())
    for name, value in page.attributes:
        if name in ("data-label", "aria-label") and value not in labels:
            assert not re.search(r"\d", re.sub(r"Q\d \d{4}/\d\d|March \d{4}", "", value)), value


def test_no_small_count_is_in_the_public_s_workbook(project: Path) -> None:
    path = project / "data/outputs/city-of-london/public/report_public_2019-12-31.xlsx"
    book, told, sheets = open_workbook(path.read_bytes()), told_by_the_paper(project), 0
    kinds = facts(project, "public").set_index("title")["kind"].to_dict()
    for name in book.sheetnames[1:]:
        rows = table_of(book, name)
        if "Numerator" not in rows.columns:
            continue
        sheets += 1
        for row in rows.to_dict("records"):
            kind, part, whole = kinds[row["Measure"]], row["Numerator"], row["Denominator"]
            assert whole not in SMALL and (part not in SMALL or kind == "average"), row
            if kind in COUNTS:
                beside = ("Value", "Same quarter last year", "Last year", "Year to date")
                assert not {row.get(column) for column in beside} & set(SMALL), row
            if kind in SHARES and is_number(part) and part and (row["Measure"], part, whole) not in told:
                assert whole - part not in SMALL, row
    assert sheets >= 2


def test_no_small_count_is_in_a_headline(project: Path) -> None:
    """Numbers of percentages, of days, of quarters and of years are no counts."""
    page = PublicPage((project / "data/outputs/city-of-london/public/index.html").read_text(encoding="utf-8"))
    with read_schema(project, "public") as connection:
        told = [text for (text,) in connection.sql("SELECT text FROM public_v1.fact_headline").fetchall()]
    for text in (*page.headlines, *told):
        counts = re.findall(
            r"(?<![\d/.,])\b(\d+)\b(?![\d/]|%|[.,]\d| (?:working )?(?:days?|months?|years?))", text
        )
        assert not [number for number in counts if int(number) in SMALL], text


def test_files_have_names_that_tell_nothing(project: Path) -> None:
    public = project / "data/outputs/city-of-london/public"
    assert {path.name for path in public.rglob("*") if path.is_file()} <= FILE_NAMES
    released = project / "data/warehouse/released"
    assert {path.name for path in released.rglob("*") if path.is_file()} == {
        "committee.duckdb",
        "public.duckdb",
    }
    files = [path for folder in (public, released) for path in folder.rglob("*") if path.is_file()]
    archives = [path for path in files if zipfile.is_zipfile(path)]
    assert {path.suffix for path in archives} == {".docx", ".xlsx"}
    for path in archives:
        with zipfile.ZipFile(path) as archive:
            assert archive.comment == b""
            assert {(part.date_time[0], part.comment, part.extra) for part in archive.infolist()} == {
                (1980, b"", b"")
            }, path.name
