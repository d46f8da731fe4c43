"""Published files read: recognised by their columns, spellings as data, symbols kept, odd files refused."""

import io
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from cf_pipeline.compare.open_data import OpenDataError, read_folder
from cf_pipeline.compare.open_data.catalogue import build_catalogue
from cf_pipeline.compare.open_data.cells import read_cells
from cf_pipeline.contracts.authorities import ENGLAND, LONDON
from cf_pipeline.ingest.sniff import OLE2_MAGIC

CITY, INNER_LONDON = "E09000001", "E13000001"
PLACES = "country_code,country_name,region_code,region_name,old_la_code,la_name,new_la_code"
REFERRALS = f"time_period,time_identifier,geographic_level,{PLACES},referral_count,referral_child_count"
LEAVERS = f"time_period,time_identifier,geographic_level,{PLACES}"
CITY_ROW = "Local authority,E92000001,England,E13000001,Inner London,201,City of London,E09000001"
LONDON_ROW = "Regional,E92000001,England,E12000007,London,,,"
ENGLAND_ROW = "National,E92000001,England,,,,,"
LONG = "Short Desc,Data item,Years,LA and Regions,Values,LA Number,Region"


def read(tmp_path: Path, **files: str):
    folder = tmp_path / "_reference"
    folder.mkdir()
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return read_folder(folder)


def cells(rows: pd.DataFrame) -> dict[tuple, float | str]:
    return {
        (row.kpi_id, row.category, row.authority_code, row.year_ending): row.symbol
        if pd.isna(row.value)
        else row.value
        for row in rows.itertuples()
    }


def referrals(*rows: str, header: str = REFERRALS) -> str:
    return "\n".join([header, *rows, ""])


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


def test_a_file_of_unknown_shape_is_refused_by_name_and_the_rest_loads(tmp_path):
    folder = tmp_path / "_reference"
    folder.mkdir()
    (folder / "good.csv").write_text(referrals(f"2019,Reporting year,{CITY_ROW},81,78"))
    (folder / "pupils.csv").write_text("school,pupils\nA,12\n")
    (folder / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00")
    (folder / "nothing.csv").write_text("")
    (folder / "torn.csv").write_text('a,b\n1,"2\n')
    (folder / "link.csv").symlink_to(folder / "good.csv")
    (folder / "headers.csv").write_text(REFERRALS)
    (folder / "words.csv").write_text(
        f"{LEAVERS},age,activity,number,percentage\n2020,Reporting year,{CITY_ROW},Adults,Working,1,2\n"
    )
    read_ = read_folder(folder)
    assert cells(read_.rows)["referrals_count", "all", CITY, 2019] == 81
    named = [sentence.split(":")[0].removeprefix("raw/_reference/") for sentence in read_.refusals]
    assert named == [
        "headers.csv",
        "link.csv",
        "nothing.csv",
        "picture.png",
        "pupils.csv",
        "torn.csv",
        "words.csv",
    ]
    assert all("\n" not in sentence for sentence in read_.refusals)
    assert "no rows" in read_.refusals[0]
    assert "columns are of no published table" in read_.refusals[4]
    assert "categories are not" in read_.refusals[6]


@pytest.mark.parametrize(
    ("rows", "lacking"),
    [
        ([f"twenty,Reporting year,{CITY_ROW},81,78"], "a year that is known (such as 2019 or 201920)"),
        ([f"99999999999,Reporting year,{CITY_ROW},81,78"], "a year that is known (such as 2019 or 201920)"),
        (
            [f"2019,Reporting year,{CITY_ROW.replace('Local authority', 'Planet')},81,78"],
            "a place of England that is known (a level and its code, or a name)",
        ),
        ([f"2019,Reporting year,{CITY_ROW},,"], "a value or a known symbol"),
        ([f"2019,Reporting year,{CITY_ROW},eighty,many"], "a value or a known symbol"),
        (
            [f"2019,Reporting year,{CITY_ROW},,", f"twenty,Reporting year,{CITY_ROW},81,78"],
            "a year, a place and a value at once",
        ),
    ],
)
def test_a_file_of_known_shape_that_yields_no_figure_is_refused_and_says_what_it_lacks(
    tmp_path, rows, lacking
):
    read_ = read(tmp_path, a=referrals(*rows))
    assert read_.rows.empty
    assert read_.refusals == [
        f"raw/_reference/a.csv: no figure in it has {lacking}; download it again, or take it out"
    ]


def zipped(*names: str) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, REFERRALS)
    return data.getvalue()


def workbook() -> bytes:
    data = io.BytesIO()
    pd.DataFrame({"time_period": ["2019"]}).to_excel(data, index=False)
    return data.getvalue()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (workbook(), "it is a workbook; open it and save the sheet of the table as CSV"),
        (zipped("content.xml", "META-INF/manifest.xml"), "it is a workbook"),
        (OLE2_MAGIC + b"\0" * 512, "it is a workbook"),
        (zipped("referrals.csv"), "it is a zip archive; unpack it and put the CSV files of it here"),
        (b"<!DOCTYPE html><html></html>", "it is a web page; download the table itself, as CSV"),
        (b"%PDF-1.7\n\0\0", "it is not text; download the table as CSV"),
        (b"Referrals\n", "its values are not separated by commas; save it as CSV (comma delimited)"),
        (REFERRALS.replace(",", ";").encode() + b"\n2019;1\n", "its values are not separated by commas"),
    ],
)
def test_a_file_that_is_no_table_of_text_is_told_as_what_it_is(tmp_path, data, sentence):
    folder = tmp_path / "_reference"
    folder.mkdir()
    (folder / "a.csv").write_bytes(data)
    (told,) = read_folder(folder).refusals
    assert told.startswith(f"raw/_reference/a.csv: {sentence}")


def test_a_file_that_may_not_be_read_is_refused_and_the_rest_loads(tmp_path, monkeypatch):
    folder = tmp_path / "_reference"
    folder.mkdir()
    for name in ("good.csv", "locked.csv"):
        (folder / name).write_text(referrals(f"2019,Reporting year,{CITY_ROW},81,78"))
    whole = Path.read_bytes

    def locked(path):
        if path.name == "locked.csv":
            raise PermissionError("not yours")
        return whole(path)

    monkeypatch.setattr(Path, "read_bytes", locked)
    read_ = read_folder(folder)
    assert set(read_.rows["file"]) == {"good.csv"}
    assert len(read_.refusals) == 1
    assert read_.refusals[0].startswith("raw/_reference/locked.csv: the file could not be opened")


def test_the_files_of_an_operating_system_are_not_mentioned(tmp_path):
    folder = tmp_path / "_reference"
    (folder / ".cache").mkdir(parents=True)
    for name in (".gitkeep", "Thumbs.db", "~$a.csv", "README.md", ".cache/a.csv"):
        (folder / name).write_text("x")
    assert read_folder(folder).refusals == []


def test_no_folder_is_no_files(tmp_path):
    nothing = read_folder(tmp_path / "_reference")
    assert nothing.rows.empty
    assert nothing.refusals == []


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
    told = [note for note in read(tmp_path, **texts).notes if "same release" in note]
    assert told == [
        "release2024_c.csv: 1 figures are not those of release2024_a.csv, of the same release; "
        "release2024_a.csv is used. Take one out."
    ]


def test_a_series_that_is_not_in_a_known_table_is_told_and_so_is_a_cell_that_is_no_number(tmp_path):
    read_ = read(tmp_path, a=referrals(f"2019,Reporting year,{CITY_ROW},eighty,78"))
    assert "a.csv: the series rereferrals_12m_pct is not in this file." in read_.notes
    told = [note for note in read_.notes if "neither a number" in note]
    assert len(told) == 1
    assert "1 cells of column referral_count" in told[0]
    assert "eighty" not in told[0]


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
    "dataset": {"d": {"layout": "open_data", "known_by": ["m"], "words": {"age": {"young": ["0 to 9"]}}}},
}


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ({"dataset": "e"}, "names a data set that is not in datasets.toml"),
        ({"publication": "q"}, "names a publication that is not in datasets.toml"),
        ({"where": "age=old"}, "data set d has no spelling of age old"),
        ({}, "a all d stands there twice"),
    ],
)
def test_lists_that_do_not_fit_together_are_refused_in_one_sentence(row, sentence):
    with pytest.raises(OpenDataError, match=sentence):
        build_catalogue(DOCUMENT, [ROW, ROW | row])


def test_an_unknown_layout_is_refused():
    wrong = {"d": DOCUMENT["dataset"]["d"] | {"layout": "wide"}}
    with pytest.raises(OpenDataError, match="layout of d"):
        build_catalogue(DOCUMENT | {"dataset": wrong}, [])
