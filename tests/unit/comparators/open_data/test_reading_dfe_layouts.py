"""Each layout of the department's releases of 2022 to 2025 is read: its header and invented figures.

`dfe_layouts.csv` has the name, the years and the header of each published file.
"""

import csv
from pathlib import Path

import pandas as pd
import pytest

from tests.unit.comparators.open_data.open_data_files import CITY, cells, read

with Path(__file__).with_name("dfe_layouts.csv").open(encoding="utf-8") as lines:
    LAYOUTS = {(row["file"], row["last_period"]): row["header"].split(",") for row in csv.DictReader(lines)}
PLACE = {
    "time_period": "2023",
    "time_identifier": "Reporting year",
    "geographic_level": "Local authority",
    "country_code": "E92000001",
    "country_name": "England",
    "region_code": "E13000001",
    "region_name": "Inner London",
    "old_la_code": "201",
    "new_la_code": CITY,
    "la_name": "City of London",
}
WORDS = {
    "category": "Whatever the table is called",
    "population_count": "Children looked after at 31 March each year",
    "population_type": "Children looked after on 31 March each year",
    "age": "Aged 19 to 21",
    "care_leaver_age": "19 to 21 years",
    "accommodation_suitability": "Accommodation considered suitable",
    "activity": "Higher education i.e. studies beyond A level",
    "breakdown": "Accommodation considered suitable",
    "age_group": "Children aged 0 to 17 years",
    "cla_group": "CLA on 31 March",
    "sw_stability": "With 3 or more social workers during the year",
    "characteristic": "Sex",
    "move_measure": "Moves",
    "school_stability": "No move",
    "stage_of_adoption_process": "Care to placement",
    "age_start_poc": "Total",
}
LOOKED_AFTER = "cla_number_and_rate_per_10k_children.csv"
NEED = "b1_children_in_need_2013_to_{}.csv"
REFERRALS = "c1_children_in_need_referrals_and_rereferrals_2013_to_{}.csv"
OLD_REFERRALS = {
    "referrals_count": "Referrals",
    "referrals_rate_10k": "Referrals_rate",
    "rereferrals_12m_pct": "Re_referrals_percent",
    "referrals_nfa_pct": "No_Further_Action_percent",
    "referrals_not_in_need_pct": "Not_in_Need_percent",
    "referrals_children_count": "Referrals_child",
}
READ = {
    (LOOKED_AFTER, "2023"): {"cla_stock": "number", "cla_rate_10k": "rate_per_10000"},
    (LOOKED_AFTER, "2025"): {"cla_stock": "children_count", "cla_rate_10k": "rate_per_10000"},
    (NEED.format(2023), "2023"): {
        "cin_all_stock": "At31_episodes",
        "cin_rate_10k": "At31_episodes_rate",
        "cin_started_count": "Started_episodes",
        "cin_ended_count": "Ended_episodes",
        "cin_awaiting_assessment": "Awaiting_assessment",
    },
    (NEED.format(2025), "2025"): {
        "cin_all_stock": "At31_episodes",
        "cin_started_count": "Started_episodes",
        "cin_ended_count": "Ended_episodes",
        "cin_awaiting_assessment": "awaiting_assessment",
    },
    (REFERRALS.format(2023), "2023"): OLD_REFERRALS,
    (REFERRALS.format(2024), "2024"): OLD_REFERRALS,
    (REFERRALS.format(2025), "2025"): {
        "referrals_count": "referral_count",
        "rereferrals_12m_pct": "rereferral_percent",
        "referrals_nfa_pct": "no_further_action_percent",
        "referrals_not_in_need_pct": "not_in_need_percent",
        "referrals_children_count": "referral_child_count",
    },
    ("la_care_leavers_accommodation_suitability.csv", "2023"): {"cl_suitable_accom_pct": "percentage"},
    ("la_care_leavers_accommodation_suitability.csv", "2025"): {
        "cl_suitable_accom_pct": "care_leaver_percent"
    },
    ("la_care_leavers_activity.csv", "2023"): {"cl_he_pct": "percentage"},
    ("c4_children_in_need_section_47s_and_icpcs_2013_to_2025.csv", "2025"): {
        "s47_count": "Section47",
        "icpc_count": "ICPC",
        "icpc_median_wd": "Duration_median",
    },
    ("d3_cpps_subsequent_plan_2013_to_2025.csv", "2025"): {
        "cpp_started_count": "CPP_start",
        "cpp_second_subsequent_pct": "CPP_subsequent_percent",
    },
    ("csww_headline_measures_2017_to_2022.csv", "2022"): {
        "wf_vacancy_rate": "vacancy_rate_fte_%",
        "wf_turnover_rate": "turnover_rate_fte_%",
        "wf_absence_rate": "absence_rate_fte_%",
        "wf_agency_rate": "agency_worker_rate_fte_%",
        "wf_caseload_avg": "caseload_fte",
    },
    ("csww_indicators_2017_to_2025.csv", "2025"): {
        "wf_vacancy_rate": "vacancy_rate_fte",
        "wf_turnover_rate": "turnover_rate_fte",
        "wf_absence_rate": "absence_rate_fte",
        "wf_agency_rate": "agency_rate_fte",
        "wf_caseload_avg": "caseload_fte",
    },
    ("la_cla_swcount.csv", "2024"): {"cla_3plus_social_workers_pct": "percentage"},
    ("ons_mid-year_population_estimates_2012_to_2024.csv", "2024"): {"pop_0_17": "population_estimate"},
}
FACTORS = ("c3_factors_identified_at_end_of_assessment_2018_to_2025.csv", "2025")
NOT_COMPARED = [
    ("la_cla_during_year_new_placements.csv", "2025"),
    ("la_cla_school_moves.csv", "2024"),
    ("national_cla_adopted_average_time_between_adoption_process_stages.csv", "2025"),
]
NEIGHBOURS = ("sn_model_2025_wide.csv", "")


def figure(header: list[str], column: str) -> int:
    """The invented figure of a column: its position."""
    return header.index(column) + 1


def tiny_file(header: list[str]) -> str:
    row = [PLACE.get(name) or WORDS.get(name) or str(figure(header, name)) for name in header]
    return f"{','.join(header)}\n{','.join(row)}\n"


def test_every_layout_is_accounted_for():
    assert {*READ, FACTORS, *NOT_COMPARED, NEIGHBOURS} == set(LAYOUTS)


@pytest.mark.parametrize("layout", READ, ids=" ".join)
def test_the_figures_of_each_layout_are_read_from_their_own_columns(tmp_path, layout):
    header = LAYOUTS[layout]
    read_ = read(tmp_path, any_name=tiny_file(header))
    assert read_.refusals == []
    found = {kpi_id: value for (kpi_id, *_), value in cells(read_.rows).items()}
    expected = {kpi_id: figure(header, column) for kpi_id, column in READ[layout].items()}
    assert {kpi_id: found[kpi_id] for kpi_id in expected} == expected
    assert set(read_.rows["authority_code"]) == {CITY}
    assert set(read_.rows["year_ending"]) == {2023}


@pytest.mark.parametrize("marker", ["c", "x", "z", "k", "u", "low", "C", "[c]", "[low]", " z "])
@pytest.mark.parametrize("layout", READ, ids=" ".join)
def test_a_marker_is_a_symbol_in_each_layout_and_never_a_figure(tmp_path, layout, marker):
    header = LAYOUTS[layout]
    row = [PLACE.get(name) or WORDS.get(name) or marker for name in header]
    rows = read(tmp_path, any_name=f"{','.join(header)}\n{','.join(row)}\n").rows
    rows = rows[rows["kpi_id"].isin(list(READ[layout]))]
    assert len(rows)
    assert rows["value"].isna().all()
    assert set(rows["symbol"]) == {marker.strip(" []").lower()}


@pytest.mark.parametrize("layout", READ, ids=" ".join)
def test_a_renamed_column_is_told_in_each_layout_and_its_figure_is_not_read(tmp_path, layout):
    header = LAYOUTS[layout]
    for kpi_id, column in READ[layout].items():
        if kpi_id in {"cin_rate_10k", "referrals_rate_10k"}:  # not in every release
            continue
        renamed = ["a_new_name" if name == column else name for name in header]
        (folder := tmp_path / kpi_id).mkdir()
        read_ = read(folder, any_name=tiny_file(renamed))
        assert len(read_.refusals) == 1
        assert read_.refusals[0].startswith("raw/_reference/any_name.csv: ")
        assert kpi_id not in set(read_.rows["kpi_id"])


def test_the_table_of_statistical_neighbours_is_read(tmp_path):
    header = LAYOUTS[NEIGHBOURS]
    words = {"old_la_code": "201", "la_name": "City of London", "region_ind": "1", "region_name": "London"}
    words |= {f"SN_{rank}": str(201 + rank) for rank in range(1, 11)}
    words |= {f"SN_{rank}P": "Somewhat close" for rank in range(1, 11)}
    text = f"{','.join(header)}\n{','.join(words[name] for name in header)}\n"
    read_ = read(tmp_path, any_name=text)
    assert (read_.refusals, read_.notes, len(read_.neighbours)) == ([], [], 10)
    assert read_.neighbours["neighbour_code"].iloc[0] == "E09000007"


def test_a_factor_is_a_share_of_the_assessments_with_factors(tmp_path):
    header = LAYOUTS[FACTORS]
    read_ = read(tmp_path, a=tiny_file(header))
    assert (read_.refusals, len(read_.rows)) == ([], 39)
    share = 100 * figure(header, "Neglect") / figure(header, "Episodes_with_assessment_factor")
    assert cells(read_.rows)["assess_factors", "neglect", CITY, 2023] == pytest.approx(share)


@pytest.mark.parametrize("layout", NOT_COMPARED, ids=" ".join)
def test_a_table_that_no_figure_is_compared_with_is_known_and_named(tmp_path, layout):
    read_ = read(tmp_path, any_name=tiny_file(LAYOUTS[layout]))
    assert (read_.rows.empty, read_.refusals) == (True, [])
    (note,) = read_.notes
    assert note.startswith(
        "any_name.csv: no figure here is compared with this table (Children looked after: "
    )


def test_a_year_of_two_releases_is_the_newer_ones(tmp_path):
    old, new = LAYOUTS[LOOKED_AFTER, "2023"], LAYOUTS[LOOKED_AFTER, "2025"]
    rows = read(tmp_path, release2024_a=tiny_file(old), release2025_b=tiny_file(new)).rows
    assert not pd.isna(rows["released"]).any()
    assert set(rows["released"]) == {2024, 2025}
