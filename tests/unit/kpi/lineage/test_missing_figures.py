"""What missing columns and headers cost: the same figures are absent when the KPIs are measured."""

import pandas as pd
import pytest

from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.ingest.tables.unmatched_headers import UNMATCHED
from cf_pipeline.kpi.definitions.registry import load_registry
from cf_pipeline.kpi.lineage.missing_figures import find_missing_figures
from cf_pipeline.kpi.measure.quarterly import POPULATION, measure_kpis
from tests.spec.casebook import AUTHORITY, Delivery, core, manifest_of

REGISTRY = load_registry()
AS_AT, START, QUARTER = "2019-12-31", "2016-04-01", "2019/20 Q3"
EMPTY = {name: [] for name in list_contracts()}


def delivery(**without):
    return Delivery(AS_AT, EMPTY, covers_from=START, without=without)


def headers(*entries):
    place = {
        "delivery_id": f"{START}_{AS_AT}",
        "as_at": pd.Timestamp(AS_AT),
        "file": "book.xlsx",
        "sheet": "s",
    }
    rows = [place | {"list": name, "header": text, "rows": 9, "guess": ""} for name, text in entries]
    return UNMATCHED.frame(rows)


def missing(one, *entries):
    return find_missing_figures(manifest_of([one]), headers(*entries))


def without_a_figure(one):
    population = pd.DataFrame({"mid_year": [2019], "persons": [668]}, dtype="Int64")
    facts = measure_kpis(core(one).tables | {POPULATION: population}, REGISTRY, AUTHORITY)
    rows = facts[facts["quarter_key"].eq(QUARTER) & facts["basis"].eq("quarter") & facts["symbol"].eq("x")]
    return set(rows["kpi_id"])


@pytest.fixture(scope="module")
def absent_anyway():
    return without_a_figure(delivery())


@pytest.mark.parametrize(
    "name", ["contacts", "assessments", "children_in_care", "care_leavers", "cla_visits"]
)
def test_the_figures_named_are_those_that_are_absent(name, absent_anyway):
    contract = list_contracts()[name]
    for column in [name for name in contract.column_names if name not in contract.required_columns][2::9]:
        one = delivery(**{name: (column,)})
        figures = missing(one).figures
        assert {figure.kpi_id for figure in figures} == without_a_figure(one) - absent_anyway
        assert {(figure.list, figure.column) for figure in figures} <= {(name, column)}


def test_nothing_is_missing_from_lists_with_all_their_columns():
    found = missing(delivery(), ("contacts", "Notes"))
    assert (found.headers, found.figures, found.sentence) == (1, (), "")


def test_the_sentence_counts_headers_and_figures():
    one = delivery(children_in_need=("case_status",))
    found = missing(one, ("children_in_need", "Status of case"), ("children_in_need", "Notes"))
    number = len(found.figures)
    assert {figure.kpi_id for figure in found.figures} >= {"cin_open_stock"}
    assert {figure.header for figure in found.figures} == {"Case Status"}
    assert found.sentence == (
        f"2 headers not recognised: {number} of {len(REGISTRY)} figures missing; "
        "open To decide in the data-quality workbook."
    )


def test_a_column_of_a_list_whose_headers_are_all_known_is_told_apart():
    one = delivery(children_in_need=("case_status",), contacts=("contact_source",))
    found = missing(one, ("children_in_need", "Status of case"))
    assert {figure.kpi_id for figure in found.figures} - {figure.kpi_id for figure in found.by_headers} == {
        figure.kpi_id for figure in missing(delivery(contacts=("contact_source",))).figures
    }
    assert "Columns not in the sheets: " in found.sentence


def test_a_list_whose_key_date_is_not_recognised_costs_all_its_figures():
    lists = {name: [] for name in EMPTY if name != "referrals"}
    one = Delivery(AS_AT, lists, covers_from=START)
    assert missing(one).figures == ()
    found = {figure.kpi_id: figure.header for figure in missing(one, ("referrals", "Refd on")).figures}
    assert found["referrals_count"] == "Date of referral"


def test_the_newest_delivery_of_a_list_decides():
    old = Delivery("2019-09-30", EMPTY, covers_from=START, without={"children_in_need": ("case_status",)})
    manifest = manifest_of([old, delivery()])
    assert find_missing_figures(manifest, headers()).figures == ()
