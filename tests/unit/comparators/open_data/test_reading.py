"""Published files read: recognised by their columns, spellings as data, symbols kept, odd files refused."""

import pandas as pd
import pytest

from cf_pipeline.comparators.open_data import OpenDataError
from cf_pipeline.comparators.open_data.catalogue import build_catalogue
from cf_pipeline.comparators.open_data.cells import read_cells
from cf_pipeline.contracts.authorities import ENGLAND, LONDON
from tests.unit.comparators.open_data.open_data_files import (
    CITY,
    CITY_ROW,
    ENGLAND_ROW,
    INNER_LONDON,
    LEAVERS,
    LONDON_ROW,
    LONG,
    cells,
    read,
    referrals,
)


def test_each_row_is_of_its_own_place_not_of_the_region_it_lies_in(tmp_path):
    text = referrals(
        f"2019,Reporting year,{CITY_ROW},81,78",
        f"2019,Reporting year,{LONDON_ROW},110710,100020",
        f"2019,Reporting year,{ENGLAND_ROW},650930,575290",
    )
    found = cells(read(tmp_path, any_name=text).rows)
    assert found["referrals_count", "all", CITY, 2019] == 81
    assert found["referrals_count", "all", LONDON, 2019] == 110710
    assert found["referrals_count", "all", ENGLAND, 2019] == 650930
    assert found["referrals_children_count", "all", CITY, 2019] == 78
    assert len(found) == 6


def test_columns_in_another_order_and_a_byte_order_mark_are_the_same_table(tmp_path):
    header = (
        "\ufeffreferral_child_count,new_la_code,la_name,referral_count,region_name,region_code,"
        "country_code,geographic_level,time_identifier,time_period"
    )
    row = (
        "78,E09000001,City of London,81,Inner London,E13000001,E92000001,Local authority,Reporting year,2019"
    )
    found = cells(read(tmp_path, a=referrals(row, header=header)).rows)
    assert found["referrals_count", "all", CITY, 2019] == 81


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("age,activity,number,percentage", "Aged 19 to 21,Total in education,10,59"),
        (
            "care_leaver_age,breakdown,care_leaver_count,care_leaver_percent",
            "19 to 21 years,Total in education,10,59",
        ),
    ],
)
def test_a_renamed_column_and_a_renamed_category_are_the_same_series(tmp_path, header, row):
    row = row.replace("Total in education", '"Total in education, employment or training"')
    found = cells(read(tmp_path, a=f"{LEAVERS},{header}\n2020,Reporting year,{CITY_ROW},{row}\n").rows)
    assert found == {("cl_eet_count", "19-21", CITY, 2020): 10, ("cl_eet_pct", "19-21", CITY, 2020): 59}


@pytest.mark.parametrize("symbol", ["c", "x", "z", "k", "u", "low", ":", "-"])
def test_a_symbol_is_kept_and_has_no_value(tmp_path, symbol):
    found = read(tmp_path, a=referrals(f"2019,Reporting year,{CITY_ROW},{symbol},78")).rows
    row = found[found["kpi_id"].eq("referrals_count")].iloc[0]
    assert row["symbol"] == symbol
    assert pd.isna(row["value"])


def test_numbers_are_read_as_text_first():
    texts = pd.Series(
        ["17.899999999999999", "1,234,567", "57.5%", " 81 ", "0", "", "1,2", "n/a", "C", "nan", "1e999"]
    )
    read_ = read_cells(texts, {"c": "withheld"})
    assert read_["value"].tolist()[:5] == [17.9, 1234567, 57.5, 81, 0]
    assert read_["value"].isna().tolist()[5:] == [True] * 6
    assert read_["symbol"].tolist()[8] == "c"
    assert read_["is_readable"].tolist() == [True] * 6 + [False, False, True, False, False]


def test_the_long_table_of_the_interactive_tool(tmp_path):
    text = "\n".join(
        [
            LONG,
            "Continue_Assess_Comp,% of assessments,2019,City of London,81,201.0,Inner London",
            "Continue_Assess_Comp,% of assessments,2019,London (Inner),85.599999999999994,987.0,NA",
            "Continue_Assess_Comp,% of assessments,2019,England,83.1,970.0,NA",
            'Continue_Assess_Comp,% of assessments,2019,"Bristol, City",77,801.0,South West',
            "LACnum,Children,2019,City of London,-,201.0,Inner London",
            "Something_Else,Children,2019,City of London,4,201.0,Inner London",
        ]
    )
    read_ = read(tmp_path, a=text)
    assert cells(read_.rows) == {
        ("assess_45wd_pct", "all", CITY, 2019): 81,
        ("assess_45wd_pct", "all", INNER_LONDON, 2019): 85.6,
        ("assess_45wd_pct", "all", ENGLAND, 2019): 83.1,
        ("assess_45wd_pct", "all", "E06000023", 2019): 77,
        ("cla_stock", "all", CITY, 2019): "-",
    }


@pytest.mark.parametrize(
    ("period", "year"), [("2019", 2019), ("2019.0", 2019), ("201920", 2020), ("2019/20", 2020)]
)
def test_a_year_is_the_one_it_ends_in(tmp_path, period, year):
    rows = read(tmp_path, a=referrals(f"{period},Reporting year,{CITY_ROW},81,78")).rows
    assert set(rows["year_ending"]) == {year}


def test_a_share_that_is_published_as_two_counts_is_worked_out_and_nothing_of_nothing_is_no_share(tmp_path):
    header = f"{LEAVERS},Section47,ICPC,Duration_median"
    text = "\n".join(
        [
            header,
            f"2019,Reporting year,{CITY_ROW},20,10,13",
            f"2020,Reporting year,{CITY_ROW},0,0,z",
            f"2021,Reporting year,{CITY_ROW},c,10,12",
        ]
    )
    found = cells(read(tmp_path, a=text).rows)
    shares = [found["s47_to_icpc_pct", "all", CITY, year] for year in (2019, 2020, 2021)]
    assert shares == [50, "z", "c"]


def test_release_and_file_are_kept_with_each_value(tmp_path):
    text = referrals(f"2019,Reporting year,{CITY_ROW},81,78")
    rows = read(tmp_path, release2024_referrals=text, undated=text).rows
    assert set(rows[["file", "released"]].itertuples(index=False, name=None)) == {
        ("release2024_referrals.csv", 2024),
        ("undated.csv", 2019),
    }


def test_a_series_with_two_rows_for_a_place_and_year_is_left_out_and_told(tmp_path):
    text = referrals(f"2019,Reporting year,{CITY_ROW},81,78", f"2019,Reporting year,{CITY_ROW},40,78")
    read_ = read(tmp_path, a=text)
    assert set(read_.rows["kpi_id"]) == {"referrals_children_count"}
    assert (
        "a.csv: the series referrals_count has more than one row a place and year and is left out."
        in read_.notes
    )


def test_two_files_of_one_release_that_do_not_say_the_same_are_told(tmp_path):
    rows = [f"2019,Reporting year,{CITY_ROW},{count},78" for count in (81, 81, 83)]
    texts = {f"release2024_{n}": referrals(row) for n, row in zip("abc", rows, strict=True)}
    notes = [note for note in read(tmp_path, **texts).notes if "same release" in note]
    assert notes == [
        "release2024_c.csv: 1 figures are not those of release2024_a.csv, of the same release; "
        "release2024_a.csv is used. Take one out."
    ]


def local(number: str, code: str, name: str, counts: str = "81,78", year: int = 2019) -> str:
    return f'{year},Reporting year,Local authority,E92000001,England,,,{number},"{name}",{code},{counts}'


@pytest.mark.parametrize(
    ("number", "code", "name", "place"),
    [
        ("825", "E10000002", "Buckinghamshire", "E10000002"),
        ("825", "E06000060", "Buckinghamshire", "E10000002"),
        ("825", "E06999999", "Buckinghamshire", "E10000002"),
        ("", "E06000060", "", "E10000002"),
        ("z", "z", "Buckinghamshire", "E10000002"),
        ("390", "E08000020", "Gateshead", "E08000037"),
        ("929", "E06000048", "Northumberland", "E06000057"),
        ("815", "E06000065", "North Yorkshire", "E10000023"),
        ("933", "E06000066", "Somerset", "E10000027"),
        ("373", "E08000039", "Sheffield", "E08000019"),
        ("839", "E06000058", "Bournemouth, Christchurch and Poole", "E06000058"),
        ("919", "E10000015", "Hertfordshire", "E10000015"),
    ],
)
def test_an_authority_is_the_same_under_its_old_and_its_new_code(tmp_path, number, code, name, place):
    read_ = read(tmp_path, a=referrals(local(number, code, name)))
    assert cells(read_.rows)["referrals_count", "all", place, 2019] == 81
    assert [note for note in read_.notes if "for none of them" in note] == []


@pytest.mark.parametrize(
    ("number", "code", "name", "told"),
    [
        ("839/838", "E06000058/E06000059", "Bournemouth, Christchurch and Poole / Dorset", "Dorset"),
        ("908", "E06000052", "Cornwall and Isles of Scilly", "Cornwall / Isles of Scilly"),
        ("", "", "City of London and Hackney", "City of London / Hackney"),
        ("928", "E10000021", "Northamptonshire", "North Northamptonshire / West Northamptonshire"),
        ("909", "E10000006", "Cumbria", "Cumberland / Westmorland and Furness"),
        ("835", "E10000009", "Dorset", "Bournemouth, Christchurch and Poole / Dorset"),
        ("837", "E06000028", "Bournemouth", "Bournemouth, Christchurch and Poole"),
        ("825", "E09000012", "Buckinghamshire", "Buckinghamshire / Hackney"),
    ],
)
def test_a_row_of_several_authorities_or_of_a_former_one_is_told_and_nobodys(
    tmp_path, number, code, name, told
):
    read_ = read(tmp_path, a=referrals(local(number, code, name), local("201", CITY, "City of London")))
    assert set(read_.rows["authority_code"]) == {CITY}
    (note,) = [note for note in read_.notes if "for none of them" in note]
    assert told in note
    assert note.startswith("a.csv: ")


def test_the_rows_of_an_authority_under_both_codes_are_one_and_two_values_are_left_out(tmp_path):
    text = referrals(
        local("825", "E10000002", "Buckinghamshire", "90,x"),
        local("825", "E06000060", "Buckinghamshire", "x,80"),
        local("825", "E10000002", "Buckinghamshire", "91,70", 2020),
        local("825", "E06000060", "Buckinghamshire", "92,70", 2020),
        f"2020,Reporting year,{CITY_ROW},81,78",
    )
    read_ = read(tmp_path, a=text)
    found = cells(read_.rows)
    assert found["referrals_count", "all", "E10000002", 2019] == 90
    assert found["referrals_children_count", "all", "E10000002", 2019] == 80
    assert found["referrals_children_count", "all", "E10000002", 2020] == 70
    assert ("referrals_count", "all", "E10000002", 2020) not in found
    assert found["referrals_count", "all", CITY, 2020] == 81
    assert [note for note in read_.notes if "two of its codes" in note] == [
        "a.csv: the series referrals_count has two values for an authority under two of its codes, and both "
        "are left out."
    ]


def test_the_long_table_knows_an_authority_by_its_number_and_a_joint_name_is_nobodys(tmp_path):
    text = "\n".join(
        [
            LONG,
            "LACnum,Children,2019,Bucks,400,825.0,South East",
            "LACnum,Children,2019,Cornwall and Isles of Scilly,300,908.0,South West",
            "LACnum,Children,2019,Northamptonshire,900,928.0,East Midlands",
            "LACnum,Children,2019,South East,9000,989.0,NA",
        ]
    )
    read_ = read(tmp_path, a=text)
    assert cells(read_.rows) == {
        ("cla_stock", "all", "E10000002", 2019): 400,
        ("cla_stock", "all", "E12000008", 2019): 9000,
    }
    (note,) = [note for note in read_.notes if "for none of them" in note]
    assert "Cornwall / Isles of Scilly; North Northamptonshire" in note


def test_a_series_that_is_not_in_a_known_table_is_told_and_so_is_a_cell_that_is_no_number(tmp_path):
    read_ = read(tmp_path, a=referrals(f"2019,Reporting year,{CITY_ROW},eighty,78"))
    notes = [note for note in read_.notes if "neither a number" in note]
    assert len(notes) == 1
    assert "1 cells of column referral_count" in notes[0]
    assert "eighty" not in notes[0]


ROW = {
    "kpi_id": "a",
    "category": "all",
    "dataset": "d",
    "measure": "m",
    "per": "",
    "where": "",
    "publication": "p",
    "decimals": "0",
}
DOCUMENT = {
    "publications": {"p": {"title": "P", "year_ends": "03-31"}},
    "places": {},
    "symbols": {},
    "dataset": {
        "d": {
            "layout": "open_data",
            "identifying_columns": ["m"],
            "words": {"age": {"young": ["0 to 9"]}},
        }
    },
}


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ({"dataset": "e"}, "names a data set that is not in datasets.toml"),
        ({"publication": "q"}, "names a publication that is not in datasets.toml"),
        ({"where": "age=old"}, "data set d has no spelling of age old"),
        ({}, "a all d occurs twice"),
    ],
)
def test_lists_that_do_not_fit_together_are_refused_in_one_sentence(row, sentence):
    with pytest.raises(OpenDataError, match=sentence):
        build_catalogue(DOCUMENT, [ROW, ROW | row])


def test_an_unknown_layout_is_refused():
    wrong = {"d": DOCUMENT["dataset"]["d"] | {"layout": "wide"}}
    with pytest.raises(OpenDataError, match="layout of d"):
        build_catalogue(DOCUMENT | {"dataset": wrong}, [])
