"""Every category that figures are split by has a label a reader understands, and an order by meaning."""

import pandas as pd
import pytest

from cf_pipeline.contracts.codes import code_sets
from cf_pipeline.kpi.definitions.registry import load_registry
from cf_pipeline.warehouse.dimensions.categories import band_labels, dim_category

REGISTRY = load_registry()


def categories(kpi_id: str, breakdown: str, *names: str) -> pd.DataFrame:
    splits = pd.DataFrame({"kpi_id": kpi_id, "breakdown": breakdown, "category": list(names)})
    return dim_category(splits, REGISTRY).set_index("category")


def labels(kpi_id: str, breakdown: str, *names: str) -> dict[str, str]:
    return categories(kpi_id, breakdown, *names)["label"].to_dict()


@pytest.mark.parametrize(
    ("kpi_id", "code_set", "band", "label"),
    [
        ("cpp_duration_bands", "duration", "<=3m", "3 months or less"),
        ("assess_duration_bands", "assessment_working_days", "46-50", "46 to 50"),
        ("assess_duration_bands", "assessment_working_days", "61+", "61 or more"),
        ("cin_primary_need", "primary_need", "N1", "Abuse or neglect"),
        ("cla_placement_type", "placement_type", "P2", "Independent living"),
        ("cl_activity", "activity_status", "P2", "Part time in education other than higher education"),
        ("cla_placement_type", "placement_type", "unknown", "Not known"),
    ],
)
def test_a_band_is_labelled_by_the_code_set_of_its_kpi_alone(kpi_id, code_set, band, label) -> None:
    row = categories(kpi_id, "band", band, "unknown").loc[band]
    assert (row["code_set"], row["label"]) == (code_set, label)
    assert band_labels(REGISTRY[kpi_id])[band] == label


def test_a_code_that_two_distributions_share_has_a_row_for_each() -> None:
    splits = pd.DataFrame(
        [("cla_placement_type", "band", "P1"), ("cl_activity", "band", "P1")],
        columns=["kpi_id", "breakdown", "category"],
    )
    rows = dim_category(splits, REGISTRY)
    assert rows.loc[rows["category"].eq("P1"), ["code_set", "label"]].to_numpy().tolist() == [
        ["activity_status", "Part time in higher education"],
        ["placement_type", "Placed with parents"],
    ]
    assert not rows.duplicated(["breakdown", "code_set", "category"]).any()
    assert not rows["label"].str.contains(" / ").any()


@pytest.mark.parametrize(
    ("kpi_id", "in_order"),
    [
        ("wf_caseload_bands", ["1-10", "11-15", "16-20", "21+"]),
        ("icpc_duration_bands", ["0-10", "11-15", "16-20", "21+"]),
        ("cin_duration_bands", ["<=3m", ">3-6m", ">6m-<1y", "1-<2y", "2y+"]),
        ("cl_activity", ["F1", "P1", "F2"]),
    ],
)
def test_bands_stand_in_the_order_of_what_they_mean(kpi_id, in_order) -> None:
    rows = categories(kpi_id, "band", *reversed(in_order), "unknown").sort_values("position")
    assert rows.index[: len(in_order)].tolist() == in_order
    assert rows.index[-1] == "unknown"


def test_ages_stand_from_the_youngest_and_teams_by_their_numbers() -> None:
    ages = categories("cla_stock", "age_band", "10-15", "5-9", "18+", "unborn").sort_values("position")
    assert [age for age in ages.index if age in ("unborn", "5-9", "10-15", "18+")] == [
        *("unborn", "5-9", "10-15", "18+")
    ]
    teams = categories("cla_stock", "team", "Team 10", "Team 9", "unknown").sort_values("position")
    assert teams.index.tolist() == ["Team 9", "Team 10", "unknown"]


def test_a_breakdown_is_labelled_by_the_code_set_of_its_column() -> None:
    assert labels("cpp_stock", "cp_latest_category", "NEG")["NEG"] == "Neglect"
    assert labels("eh_referrals_count", "early_help_source", "6")["6"] == "Police"
    assert labels("cla_stock", "disability", "Y")["Y"] == "Yes"
    assert labels("cla_stock", "list", "contacts")["contacts"] == "Contacts"


def test_a_word_that_no_code_set_knows_is_its_own_label() -> None:
    row = categories("short_breaks_children_count", "provider", "PR1").loc["PR1"]
    assert (row["code_set"], row["label"]) == ("provider", "PR1")  # a text of the council's own


@pytest.mark.parametrize("code_set", [name for name in code_sets() if not name.startswith("yes_no/")])
def test_labels_name_no_two_codes(code_set) -> None:
    names = [code.reader_label for code in code_sets()[code_set]]
    assert len(set(names)) == len(names)
