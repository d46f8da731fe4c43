"""The figures that ship, and which release is in use where several say the same."""

import pandas as pd
import pytest

from cf_pipeline.comparators import combine_releases, population_estimates, select_current
from cf_pipeline.comparators.open_data import read_folder
from cf_pipeline.comparators.open_data.catalogue import catalogue
from cf_pipeline.comparators.open_data.extract import VALUES
from cf_pipeline.comparators.open_data.reading import no_values
from cf_pipeline.comparators.releases import COMPARATORS, shipped_values
from cf_pipeline.comparators.shipped_table import format_csv, rebuild_shipped_table
from cf_pipeline.contracts.authorities import ENGLAND, INNER_LONDON, LONDON
from cf_pipeline.kpi.definitions.registry import load_registry

CITY = "E09000001"
KEY = ["kpi_id", "category", "authority_code", "year_ending"]


def rows_read(*rows: tuple) -> pd.DataFrame:
    """As read from files: (kpi, place, year, value, data set, released, file)."""
    table = [
        (kpi_id, "all", place, year, value, None, dataset, released, file)
        for kpi_id, place, year, value, dataset, released, file in rows
    ]
    return VALUES.frame(table)


def value(kpi_id, authority_code, year, category="all"):
    rows = select_current(combine_releases(no_values())).set_index(KEY)
    return rows.loc[(kpi_id, category, authority_code, year), "value"]


def test_columns_and_key():
    rows = combine_releases(no_values())
    assert {name: str(dtype) for name, dtype in rows.dtypes.items()} == COMPARATORS.dtypes
    assert not select_current(rows).duplicated(KEY).any()
    assert rows[["source", "release", "file"]].notna().all(axis=None)


def test_a_value_or_a_symbol_never_both_never_neither():
    rows = combine_releases(no_values())
    assert (rows["value"].isna() == rows["symbol"].notna()).all()
    assert set(rows["symbol"].dropna()) <= set(catalogue().symbols)


def test_figures_as_published():
    assert value("assess_45wd_pct", CITY, 2019) == 81
    assert value("cla_stock", CITY, 2019) == 20
    assert value("assess_45wd_pct", LONDON, 2019) == 84.1
    assert value("assess_45wd_pct", INNER_LONDON, 2019) == 81.4
    assert value("icpc_15wd_pct", ENGLAND, 2020) == 77.6
    assert value("cl_stock", CITY, 2020, "17-18") == 11
    assert value("cl_stock", LONDON, 2020, "19-21") == 6880  # one series through the years, not two mixed


def test_every_series_the_registry_names_is_one_that_ships():
    named = {kpi.comparator_series for kpi in load_registry().values() if kpi.comparator_series}
    assert named <= set(shipped_values()["kpi_id"])


@pytest.mark.samples
def test_the_table_that_ships_is_what_the_published_files_say(samples):
    read = read_folder(samples / "dfe_open_data").rows
    assert format_csv(rebuild_shipped_table(read, shipped_values())) == format_csv(shipped_values())
    assert set(read["file"]) <= set(shipped_values()["file"])


def test_a_newer_release_is_used_and_the_older_one_is_kept():
    read = rows_read(("referrals_count", CITY, 2019, 83, "referrals", 2031, "new.csv"))
    rows = combine_releases(read)
    rows = rows[rows["kpi_id"].eq("referrals_count") & rows["authority_code"].eq(CITY)]
    rows = rows[rows["year_ending"].eq(2019)]
    assert rows["value"].tolist() == [83, 81]
    assert rows["is_current"].tolist() == [True, False]
    assert rows.iloc[0]["release"] == "2031 release"
    assert rows.iloc[0]["file"] == "new.csv"


def test_an_older_file_changes_nothing_in_use():
    read = rows_read(("referrals_count", CITY, 2019, 80, "referrals", 2020, "old.csv"))
    assert select_current(combine_releases(read)).equals(select_current(combine_releases(no_values())))


def test_of_two_files_of_one_release_the_first_data_set_is_used():
    read = rows_read(
        ("referrals_count", CITY, 2032, 70, "interactive_tool", 2032, "a.csv"),
        ("referrals_count", CITY, 2032, 71, "referrals", 2032, "b.csv"),
    )
    rows = select_current(combine_releases(read))
    assert rows[rows["year_ending"].eq(2032)]["value"].tolist() == [71]


def test_the_interactive_tool_is_named_as_the_release():
    rows = combine_releases(rows_read(("cla_stock", CITY, 2032, 9, "interactive_tool", 2032, "lait.csv")))
    row = rows[rows["year_ending"].eq(2032)].iloc[0]
    assert row["release"] == "Local Authority Interactive Tool, 2032 release"
    assert row["source"] == "Department for Education: Children looked after in England including adoptions"


def test_population_is_of_children_by_place_and_mid_year():
    read = rows_read(
        ("pop_0_17", CITY, 2031, 700, "population", 2031, "ons.csv"),
        ("pop_0_17", CITY, 2031, 710, "population", 2032, "ons.csv"),
        ("pop_0_17", "E06000001", 2031, 20000, "population", 2032, "ons.csv"),
    )
    frame = population_estimates(combine_releases(read))
    assert {name: str(dtype) for name, dtype in frame.dtypes.items()} == {
        "authority_code": "str",
        "mid_year": "Int64",
        "persons": "Int64",
    }
    persons = frame.set_index(["authority_code", "mid_year"])["persons"]
    assert persons.loc[(CITY, 2018)] == 668  # 81 referrals in the year to March 2019 are 1,212.6 per 10,000
    assert persons.loc[(CITY, 2031)] == 710
    assert persons.loc[("E06000001", 2031)] == 20000
