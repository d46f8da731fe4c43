"""The open data: the department's columns, one symbol for what is hidden, and files that describe them."""

from __future__ import annotations

import csv
import hashlib
import io
import json

import pandas as pd
import pytest

from cf_pipeline.outputs.open_data.files import META_COLUMNS, open_data_files
from cf_pipeline.outputs.public_release import PublicReleaseError
from tests.support import public_example as example

QUARTERLY, YEARLY = "childrens_services_quarterly", "childrens_services_yearly"
IDENTIFIERS = [
    "time_period", "time_identifier", "geographic_level", "country_code", "country_name", "region_code",
    "region_name", "old_la_code", "new_la_code", "la_name",
]  # fmt: skip
FILTERS = ["area", "measure", "age_band", "gender"]
SECRET = 987_654


def files(tables=None):
    return open_data_files(example.tables() if tables is None else tables, example.CODE)


def read(content):
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


@pytest.fixture(scope="module")
def written():
    return files()


@pytest.fixture(scope="module")
def quarters(written):
    return read(written[f"{QUARTERLY}.csv"])


def cell(rows, measure, time="Financial year Q3", **filters):
    chosen = (
        {"age_band": "Total", "gender": "Total"} | filters | {"measure": measure, "time_identifier": time}
    )
    (found,) = [row for row in rows if all(row[name] == value for name, value in chosen.items())]
    return found


def test_a_file_a_basis_each_with_the_file_that_describes_it(written):
    assert list(written) == [
        f"{QUARTERLY}.csv",
        f"{QUARTERLY}.meta.csv",
        f"{YEARLY}.csv",
        f"{YEARLY}.meta.csv",
        "definitions.csv",
        "datapackage.json",
    ]


def test_a_basis_without_figures_has_no_file():
    figures = example.kpi_quarterly()
    assert not [
        name
        for name in files(example.tables(figures=figures[figures["basis"].eq("quarter")]))
        if YEARLY in name
    ]


def test_the_department_s_identifiers_come_first(quarters):
    assert list(quarters[0])[: len(IDENTIFIERS)] == IDENTIFIERS
    assert list(quarters[0].values())[: len(IDENTIFIERS)] == [
        "201920", "Financial year Q1", "Local authority", "E92000001", "England", "E12000007", "London",
        "201", "E09000001", "City of London",
    ]  # fmt: skip


def test_quarters_and_years_are_in_files_of_their_own(written, quarters):
    assert {row["time_identifier"] for row in quarters} == {
        f"Financial year Q{number}" for number in (1, 2, 3)
    }
    years = read(written[f"{YEARLY}.csv"])
    assert [(row["time_period"], row["time_identifier"], row["number"]) for row in years] == [
        ("201718", "Financial year", "11"),
        ("201819", "Financial year", "14"),
    ]


def test_every_filter_has_a_total(quarters):
    assert cell(quarters, "Contacts received")["number"] == "77"
    assert cell(quarters, "Contacts received", gender="Male")["number"] == "40"
    assert cell(quarters, "Children in need cases open", age_band="Under 1")["number"] == "6"
    assert not [row for row in quarters if "Total" not in (row["age_band"], row["gender"])]


def test_a_row_is_found_by_its_identifiers_and_filters(quarters):
    keys = [tuple(row[name] for name in IDENTIFIERS + FILTERS) for row in quarters]
    assert len(keys) == len(set(keys)) == 23


def test_hidden_figures_have_one_symbol_and_the_whole_stays(quarters):
    hidden = [
        cell(quarters, "Contacts received", gender=gender) for gender in ("Female", "Not stated or recorded")
    ]
    assert [row["number"] for row in hidden] == ["c", "c"]
    share = cell(quarters, "Initial child protection conferences within 15 working days", "Financial year Q2")
    assert (share["number"], share["out_of"], share["percentage"]) == ("c", "9", "c")


def test_what_a_measure_has_not_is_not_applicable_and_percentages_are_whole(quarters):
    count = cell(quarters, "Contacts received")
    others = [count[name] for name in ("out_of", "percentage", "rate_per_10000", "average_or_median")]
    assert others == ["z"] * 4
    share = cell(quarters, "Child and Family Assessments authorised within 45 working days")
    assert (share["number"], share["out_of"], share["percentage"]) == ("23", "40", "58")


@pytest.mark.parametrize("symbol, there", [("x", "x"), ("z", "z"), ("k", "low"), ("u", "u"), (None, "x")])
def test_the_symbol_says_why_there_is_no_figure(symbol, there):
    figures = example.kpi_quarterly()
    is_visits = figures["kpi_id"].eq("cla_visits_in_time_pct")
    figures.loc[is_visits, ["numerator", "denominator", "value"]] = None
    figures["symbol"] = figures["symbol"].astype(object).mask(is_visits, symbol)
    rows = read(files(example.tables(figures=figures))[f"{QUARTERLY}.csv"])
    assert cell(rows, "Visits made in time")["percentage"] == there


def test_a_value_that_is_too_uncertain_is_not_shown():
    figures = example.kpi_quarterly()
    is_visits = figures["kpi_id"].eq("cla_visits_in_time_pct")
    figures["symbol"] = figures["symbol"].astype(object).mask(is_visits, "u")
    rows = read(files(example.tables(figures=figures))[f"{QUARTERLY}.csv"])
    assert cell(rows, "Visits made in time")["percentage"] == "u"


def test_rates_and_averages_have_columns_of_their_own():
    tables = example.tables()
    kinds = {"contacts_count": ("rate_10k", 1), "cin_open_stock": ("average", 1)}
    kpis = tables["dim_kpi"].copy()
    for kpi_id, (kind, decimals) in kinds.items():
        kpis.loc[kpis["kpi_id"].eq(kpi_id), ["kind", "decimals"]] = [kind, decimals]
    figures = tables["fact_kpi_quarterly"].assign(denominator=716.0)
    figures = figures[figures["breakdown"].eq("total") & figures["kpi_id"].isin(list(kinds))]
    rows = read(files(tables | {"dim_kpi": kpis, "fact_kpi_quarterly": figures})[f"{QUARTERLY}.csv"])
    rate, average = cell(rows, "Contacts received"), cell(rows, "Children in need cases open")
    assert (rate["number"], rate["out_of"], rate["rate_per_10000"]) == ("77", "716", "77.0")
    assert (average["number"], average["out_of"], average["average_or_median"]) == ("z", "716", "28.0")


def test_the_meta_file_describes_every_filter_and_indicator(written, quarters):
    rows = read(written[f"{QUARTERLY}.meta.csv"])
    assert list(rows[0]) == list(META_COLUMNS)
    named = {row["col_name"] for row in rows} | {row["filter_grouping_column"] for row in rows} - {""}
    assert named - {""} == set(quarters[0]) - set(IDENTIFIERS)
    assert {row["col_type"] for row in rows} == {"Filter", "Indicator"}
    by_name = {row["col_name"]: row for row in rows}
    assert (by_name["percentage"]["indicator_unit"], by_name["percentage"]["indicator_dp"]) == ("%", "0")
    assert by_name["measure"]["filter_grouping_column"] == "area"
    assert "area" not in by_name  # a column that groups a filter is no filter of its own
    assert all(len(row["col_name"]) <= 50 and len(row["label"]) <= 80 for row in rows)


def test_every_measure_has_a_definition(written, quarters):
    assert {row["measure"] for row in quarters} <= {row["title"] for row in read(written["definitions.csv"])}


def test_the_package_says_which_release_it_is_and_hashes_every_file(written):
    package = json.loads(written["datapackage.json"])
    assert package["release"] == {
        "number": 3,
        "released_at": "2020-01-06T02:00:00Z",
        "as_at": "2019-12-31",
        "policy_hash": example.POLICY_HASH,
    }
    assert "Counts of 1 to 5" in package["description"]
    for resource in package["resources"]:
        content = written[resource["path"]]
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        assert (resource["bytes"], resource["rows"]) == (len(content), len(read(content)))
    assert {resource["path"] for resource in package["resources"]} == set(written) - {"datapackage.json"}


@pytest.mark.parametrize("tables", [example.tables, example.tables_with_everything_hidden])
def test_frictionless_finds_no_fault_and_reads_symbols_as_no_value(tables, tmp_path):
    from frictionless import Package

    for name, content in files(tables()).items():
        (tmp_path / name).write_bytes(content)
    package = Package(str(tmp_path / "datapackage.json"))
    report = package.validate()
    assert report.valid, report.flatten(["name", "type", "rowNumber", "fieldName"])
    numbers = [row["number"] for row in package.get_resource(QUARTERLY).read_rows()]
    is_hidden = [row["number"] == "c" for row in read(files(tables())[f"{QUARTERLY}.csv"])]
    assert [number is None for number in numbers] == is_hidden and any(is_hidden)


def test_no_hidden_count_and_nothing_of_the_inside_is_in_the_bytes(quarters):
    tables = example.tables()
    hidden = tables["fact_kpi_quarterly"]["symbol"].eq(example.SYMBOL)
    figures = tables["fact_kpi_quarterly"].assign(run_id="run-of-secrets")
    figures["value_last_year"] = figures["value_last_year"].mask(hidden, SECRET)
    figures["reason"] = figures["reason"].astype(object).mask(hidden, f"It is {SECRET}.")
    content = b"".join(files(tables | {"fact_kpi_quarterly": figures}).values()).decode()
    for word in (str(SECRET), "run-of-secrets", "run-1", "person_ref", "child_id", "figures_hash"):
        assert word not in content
    shown = {row["number"] for row in quarters}
    assert not shown & {str(count) for count in range(1, 6)}


def test_a_hidden_figure_in_the_tables_stops_the_files():
    tables = example.tables()
    figures = tables["fact_kpi_quarterly"]
    held = figures["value"].mask(figures["symbol"].eq(example.SYMBOL), SECRET)
    with pytest.raises(PublicReleaseError):
        files(tables | {"fact_kpi_quarterly": figures.assign(value=held)})


def test_the_same_tables_give_the_same_bytes_in_any_order_of_rows():
    tables = example.tables()
    assert files({name: table.iloc[::-1] for name, table in tables.items()}) == files(tables)


def test_no_text_is_calculated_by_a_spreadsheet_and_quotation_marks_are_few():
    tables = example.tables()
    kpis = tables["dim_kpi"]
    title = kpis["title"].mask(kpis["kpi_id"].eq("contacts_count"), '=HYPERLINK("a")')
    rows = read(files(tables | {"dim_kpi": kpis.assign(title=title)})[f"{QUARTERLY}.csv"])
    assert '\'=HYPERLINK("a")' in {row["measure"] for row in rows}
    assert b'"' not in files(tables)[f"{QUARTERLY}.csv"]


def test_figures_of_the_files_are_those_of_the_release(quarters):
    tables = example.tables()
    figures = tables["fact_kpi_quarterly"].merge(tables["dim_kpi"][["kpi_id", "title", "kind"]], on="kpi_id")
    counts = figures[figures["basis"].eq("quarter") & figures["kind"].isin(["flow_count", "stock"])]
    expected = sorted(
        (title, "c" if pd.isna(value) else str(int(value)))
        for title, value in zip(counts["title"], counts["value"], strict=True)
    )
    titles = set(counts["title"])
    assert sorted((row["measure"], row["number"]) for row in quarters if row["measure"] in titles) == expected
