"""A new council's workbook with its case system's headers, five of them unknown: told, settled, counted.

The headers are the contracts' aliases. What the lines of "To decide" settle equals the same workbook with the
headers of the guidance, and a recount of the rows in plain loops.
"""

import datetime as dt
import json

import pandas as pd
import pytest

from cf_pipeline.clean import clean_lists
from cf_pipeline.cli.main import main
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.history.merge.core import merge_deliveries
from cf_pipeline.ingest.receive import receive_deliveries
from cf_pipeline.kpi.definitions.registry import load_registry
from cf_pipeline.kpi.lineage.missing_figures import find_missing_figures
from cf_pipeline.kpi.measure.quarterly import POPULATION, measure_kpis
from cf_pipeline.quality.mapping_proposals import propose_mappings
from tests.support.workbooks import AUTHORITY, deliver

pytestmark = pytest.mark.slow
CODE, KEY = "E09000001", bytes(32)
QUARTER, END = "2019/20 Q3", dt.date(2019, 12, 31)
FOLDER = "2018-04-01_2019-12-31"
REGISTRY = load_registry()
UNKNOWN = {
    ("contacts", "contact_source"): "Src of Contact",
    ("referrals", "referral_date"): "Referral Recd Dt",
    ("children_in_need", "case_status"): "Status of Case",
    ("children_in_need", "cin_start_date"): "CIN Strt Dte",
    ("children_in_care", "placement_type"): "Plcmt Type",
}
BEFORE_OTHERS = ("Mosaic", "Workflow")
"""Words of the aliases that are taken first, as Mosaic has them."""


def day(number):
    return dt.date(2019, 7, 2) + dt.timedelta(days=number * 6)


def child(number):
    birth_date = dt.date(2005 + number % 12, 1 + number % 12, 3)
    return {"child_id": f"{700000 + number}", "gender": "MF"[number % 2], "ethnicity": "WBRI"} | {
        "date_of_birth": birth_date
    }


RECORDS = {
    "contacts": [
        child(n) | {"contact_date": day(n), "contact_source": ["1A", "2B", "5A"][n % 3]} for n in range(30)
    ],
    "referrals": [
        child(n) | {"referral_date": day(n), "referral_source": "1A", "referral_nfa": "NY"[n % 2]}
        for n in range(24)
    ],
    "assessments": [
        child(n)
        | {"assessment_start_date": day(n), "assessment_authorised_date": day(n + 4), "child_seen": "Y"}
        for n in range(20)
    ],
    "children_in_need": [
        child(n)
        | {"cin_start_date": day(n), "primary_need": "N1", "case_status": ["CIN", "CP", "CLA"][n % 3]}
        for n in range(27)
    ],
    "children_in_care": [
        child(n) | {"cla_start_date": day(n), "legal_status": "C2", "placement_type": ["U6", "K2"][n % 2]}
        for n in range(18)
    ],
}


def header_of(name, column, *, is_mosaic):
    if not is_mosaic:
        return column.header
    if (name, column.name) in UNKNOWN:
        return UNKNOWN[name, column.name]
    preferred = [alias for alias in column.aliases if alias.startswith(BEFORE_OTHERS)]
    return [*preferred, *column.aliases, column.header][0]


def workbook(*, is_mosaic):
    sheets = {}
    for name, records in RECORDS.items():
        contract = list_contracts()[name]
        columns = [column for column in contract.columns if not column.is_local]
        headers = [header_of(name, column, is_mosaic=is_mosaic) for column in columns]
        rows = [[record.get(column.name) for column in columns] for record in records]
        sheets[f"Mosaic {contract.title}" if is_mosaic else contract.title] = [headers, *rows]
    return sheets


def load(raw):
    received = receive_deliveries(raw, AUTHORITY)
    clean = clean_lists(received.lists, received.manifest, received.findings, received.mapping)
    core = merge_deliveries(clean.lists, clean.quarantine, received.manifest, CODE, KEY)
    population = pd.DataFrame({"mid_year": [2018, 2019], "persons": [700, 700]}, dtype="Int64")
    facts = measure_kpis(core.tables | {POPULATION: population}, REGISTRY, CODE)
    keys = ["kpi_id", "quarter_key", "basis", "breakdown", "category"]
    columns = ["numerator", "denominator", "value", "symbol", "reason"]
    return received, clean, facts.set_index(keys)[columns].sort_index()


@pytest.fixture(scope="module")
def official(tmp_path_factory):
    raw = tmp_path_factory.mktemp("official") / "raw"
    deliver(raw, workbook(is_mosaic=False), delivery=FOLDER)
    return load(raw)[2]


@pytest.fixture(scope="module")
def new_council(tmp_path_factory):
    raw = tmp_path_factory.mktemp("mosaic") / "raw"
    deliver(raw, workbook(is_mosaic=True), delivery=FOLDER)
    return raw, *load(raw)


def without_a_value(facts):
    rows = facts.xs((QUARTER, "quarter"), level=("quarter_key", "basis"))
    return set(rows[rows["symbol"].eq("x")].index.get_level_values("kpi_id"))


def test_what_the_unknown_headers_cost_is_told_and_which_figures(new_council, official):
    _, received, _, facts = new_council
    missing = find_missing_figures(received.manifest, received.unmatched_headers)
    assert missing.headers == len(UNKNOWN)
    assert {figure.kpi_id for figure in missing.by_headers} == without_a_value(facts) - without_a_value(
        official
    )
    assert missing.sentence.startswith(
        f"5 headers not recognised: {len(missing.by_headers)} of {len(REGISTRY)} figures missing; open To"
    )


def test_after_the_lines_of_to_decide_every_figure_is_that_of_the_official_headers(new_council, official):
    raw, received, clean, _ = new_council
    proposals = propose_mappings(received.unmatched_headers, clean.unmatched_codes)
    text = "\n".join(f"[{table}]\n" + "\n".join(rows["line"]) for table, rows in proposals.groupby("table"))
    mapping = raw / AUTHORITY / "mapping.toml"
    mapping.write_text(text + "\n", encoding="utf-8")
    try:
        settled, _, facts = load(raw)
    finally:
        mapping.unlink()
    assert settled.unmatched_headers.empty
    pd.testing.assert_frame_equal(facts, official)


def test_the_figures_equal_a_recount_in_plain_loops(official):
    def value(kpi_id, category="all", breakdown="total"):
        return official.loc[(kpi_id, QUARTER, "quarter", breakdown, category), "numerator"]

    in_quarter = {
        name: [row for row in RECORDS[name] if dt.date(2019, 10, 1) <= row[date] <= END]
        for name, date in (("contacts", "contact_date"), ("referrals", "referral_date"))
    }
    in_need = [row for row in RECORDS["children_in_need"] if row["cin_start_date"] <= END]
    in_care = [row for row in RECORDS["children_in_care"] if row["cla_start_date"] <= END]
    assert value("contacts_count") == len(in_quarter["contacts"])
    assert value("referrals_count") == len(in_quarter["referrals"])
    assert value("cin_open_stock") == sum(row["case_status"] == "CIN" for row in in_need)
    assert value("cla_stock") == len(in_care)
    for source in ("1A", "2B", "5A"):
        number = sum(row["contact_source"] == source for row in in_quarter["contacts"])
        assert value("contacts_by_source", source, "band") == number
    for kind in ("U6", "K2"):
        number = sum(row["placement_type"] == kind for row in in_care)
        assert value("cla_placement_type", kind, "band") == number


def test_check_names_the_figures(new_council, capsys):
    (file,) = (new_council[0] / AUTHORITY / FOLDER).iterdir()
    main(["check", str(file), "--json"])
    (mapping,) = json.loads(capsys.readouterr().out)["mapping"]
    assert mapping["headers_not_recognised"] == len(UNKNOWN)
    assert {entry["kpi"] for entry in mapping["figures_missing"]} >= {"referrals_count", "cin_open_stock"}
