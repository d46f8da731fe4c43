"""Published files that cannot be used: refused by name, and the rest loads."""

import io
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from cf_pipeline.comparators.open_data import read_folder
from cf_pipeline.ingest.files.formats.xls import OLE2_MAGIC
from tests.unit.comparators.open_data.open_data_files import (
    CITY,
    CITY_ROW,
    LEAVERS,
    REFERRALS,
    cells,
    read,
    referrals,
)


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
    assert "(care leavers activity)" in read_.refusals[6]
    assert "categories are not" in read_.refusals[6]


def test_a_link_in_the_place_of_the_folder_is_refused_and_not_followed(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "good.csv").write_text(referrals(f"2019,Reporting year,{CITY_ROW},81,78"))
    folder = tmp_path / "_reference"
    folder.symlink_to(tmp_path / "elsewhere")
    found = read_folder(folder)
    assert found.rows.empty
    assert found.refusals == ["raw/_reference: it is a link, not a folder; put the folder itself there"]


@pytest.mark.parametrize(
    ("header", "nearest"),
    [
        (
            REFERRALS.replace("referral_count", "referrals_total"),
            "referrals, without the column referral_count;",
        ),
        (REFERRALS.replace("time_period", "period"), "referrals, without the column time_period;"),
        (f"{LEAVERS},population_type,children,rate_per_10000", "children looked after, without the column"),
        (f"{LEAVERS},age_band,population_estimate", "population, without the column age_group;"),
    ],
)
def test_a_renamed_column_is_told_with_the_nearest_table_and_nothing_is_read(tmp_path, header, nearest):
    cells_ = ",".join(["1"] * (header.count(",") - LEAVERS.count(",")))
    read_ = read(tmp_path, a=f"{header}\n2020,Reporting year,{CITY_ROW},{cells_}\n")
    assert read_.rows.empty
    (refusal,) = read_.refusals
    assert refusal.startswith(
        "raw/_reference/a.csv: its columns are of no published table that is known here: "
    )
    assert nearest in refusal


@pytest.mark.parametrize("old", ["rereferral_percent", "no_further_action_percent", "not_in_need_percent"])
def test_a_renamed_column_of_one_series_is_told_and_the_others_are_read(tmp_path, old):
    read_ = read(
        tmp_path,
        a=f"{REFERRALS.replace(old, 'a_new_name')}\n2020,Reporting year,{CITY_ROW},81,78,10,11,12\n",
    )
    (refusal,) = read_.refusals
    assert refusal.startswith(f"raw/_reference/a.csv: the column {old} is missing or has a new name")
    assert len(read_.rows) == 4
    assert 0 not in read_.rows["value"].tolist()


def test_a_new_column_that_divides_the_table_is_told_and_nothing_is_read(tmp_path):
    text = "\n".join(
        [
            f"{REFERRALS},sex",
            *(
                f"2020,Reporting year,{CITY_ROW},{number},{number},1,2,3,{sex}"
                for number, sex in ((81, "Total"), (40, "Female"), (41, "Male"))
            ),
        ]
    )
    read_ = read(tmp_path, a=text)
    # The shares are the same in each row, so they are no other figures.
    assert set(read_.rows["kpi_id"]) == {
        "rereferrals_12m_pct",
        "referrals_nfa_pct",
        "referrals_not_in_need_pct",
    }
    population = (
        f"{LEAVERS},age_group,population_estimate,sex\n"
        f"2020,Reporting year,{CITY_ROW},Children aged 0 to 17 years,600,Female\n"
        f"2020,Reporting year,{CITY_ROW},Children aged 0 to 17 years,640,Male\n"
    )
    (folder := tmp_path / "other").mkdir()
    told = read(folder, a=population)
    assert told.rows.empty
    assert "a column that is not known here divides the table" in told.refusals[0]


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
    (refusal,) = read_folder(folder).refusals
    assert refusal.startswith(f"raw/_reference/a.csv: {sentence}")


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
