"""The real published files, cell by cell against a table of figures taken from them by other means."""

from pathlib import Path

import pandas as pd
import pytest

from cf_pipeline.comparators.open_data import read_file, read_folder

LONG_TABLE = "lait_bds_long_city_london_england.csv"
CITY = "E09000001"
pytestmark = pytest.mark.samples


@pytest.fixture(scope="module")
def folder(samples: Path) -> Path:
    return samples / "dfe_open_data"


@pytest.fixture(scope="module")
def expected(samples: Path) -> pd.DataFrame:
    """The published values that lie beside the sample files: one row a series, place and year."""
    path = samples.parent / "reference" / "comparators.csv"
    assert path.is_file(), "the table of published values must lie beside the folder of sample files"
    rows = pd.read_csv(path, dtype="str", keep_default_na=False)
    code = rows["geography"].str.extract(r"\((?P<code>[A-Z]\d{8})\)$")["code"]
    return pd.DataFrame(
        {
            "kpi_id": rows["kpi_id"],
            "category": rows["category"],
            "authority_code": code,
            "year_ending": rows["year"].astype("Int64"),
            "value": pd.to_numeric(rows["value"]).astype("Float64"),
            "symbol": rows["flag"].replace({"suppressed_or_na(-)": "-", "": None}).astype("str"),
            "file": rows["file"],
        }
    )


def test_every_sample_file_loads(folder):
    read = read_folder(folder)
    assert read.refusals == []
    assert set(read.rows["file"]) == {path.name for path in folder.glob("*.csv")}
    assert [note for note in read.notes if "neither" in note or "more than one row" in note] == []


def test_every_published_value_whose_file_is_a_sample_is_read_cell_by_cell(folder, expected, capsys):
    keys = ["kpi_id", "category", "authority_code", "year_ending"]
    compared = 0
    for file, rows in expected.groupby("file"):
        names = [file] if file == LONG_TABLE else [f"release2025_{file}", f"release2024_{file}"]
        path = next((folder / name for name in names if (folder / name).is_file()), None)
        if path is None:
            continue
        read = read_file(path).rows.set_index(keys)
        wanted = rows.set_index(keys)
        assert wanted.index.difference(read.index).empty, f"{file}: a published row was not read"
        found = read.loc[wanted.index]
        pd.testing.assert_series_equal(found["value"], wanted["value"], check_exact=True)
        pd.testing.assert_series_equal(found["symbol"], wanted["symbol"])
        compared += len(wanted)
    with capsys.disabled():
        print(f"\n{compared} published values of {len(expected)} compared with the sample files")
    assert compared > 2500


def test_the_citys_referrals_and_its_assessments_in_45_days(folder):
    rows = read_file(folder / LONG_TABLE).rows
    rows = rows[rows["authority_code"].eq(CITY)].set_index(["kpi_id", "year_ending"])["value"]
    assert rows["referrals_count"].loc[[2019, 2020]].tolist() == [81, 100]
    assert rows["assess_45wd_pct"].loc[[2019, 2020]].tolist() == [81.0, 77.6]
