"""fact_comparator and dim_neighbour: what is in use, what differs, how close neighbours are."""

from types import SimpleNamespace

import pandas as pd

from cf_pipeline.comparators.neighbours import statistical_neighbours
from cf_pipeline.warehouse.comparator_tables import dim_neighbour, fact_comparator

CITY = "E09000001"


def kpi(kpi_id, series=None, note=""):
    return SimpleNamespace(id=kpi_id, comparator_series=series, comparator_note=note)


REGISTRY = {
    "ours_pct": kpi("ours_pct", "theirs_pct"),
    "narrow_stock": kpi("narrow_stock", None, "Not the national count."),
}


def published(*rows):
    table = [
        (kpi_id, "all", place, 2019, value, None, "s", "r", "f.csv", is_current)
        for kpi_id, place, value, is_current in rows
    ]
    names = "kpi_id category authority_code year_ending value symbol source release file is_current"
    return pd.DataFrame(table, columns=names.split()).astype({"value": "Float64", "year_ending": "Int64"})


def test_the_release_in_use_of_series_that_belong_to_a_kpi():
    rows = published(
        ("theirs_pct", CITY, 81.0, True), ("theirs_pct", CITY, 80.0, False), ("nobodys", CITY, 1.0, True)
    )
    found = fact_comparator(rows, REGISTRY, [])
    assert found[["kpi_id", "value", "is_comparable"]].to_numpy().tolist() == [["theirs_pct", 81.0, True]]
    assert found["note"].isna().all()


def test_a_series_whose_definition_differs_is_marked_with_what_differs():
    row = fact_comparator(published(("narrow_stock", CITY, 70.0, True)), REGISTRY, []).iloc[0]
    assert (row["is_comparable"], row["note"]) == (False, "Not the national count.")


def test_a_small_difference_is_said_and_compared_all_the_same():
    registry = {"ours_pct": kpi("ours_pct", "theirs_pct", "The national figure rounds.")}
    row = fact_comparator(published(("theirs_pct", CITY, 70.0, True)), registry, []).iloc[0]
    assert (bool(row["is_comparable"]), row["note"]) == (True, "The national figure rounds.")


def test_a_series_of_the_same_name_is_comparable_unless_something_differs():
    registry = {"bands": kpi("bands")}
    row = fact_comparator(published(("bands", CITY, 70.0, True)), registry, []).iloc[0]
    assert bool(row["is_comparable"])


def test_the_neighbours_median_stands_under_the_authoritys_code_with_n():
    own = statistical_neighbours()
    codes = own[own["authority_code"].eq(CITY)]["neighbour_code"].tolist()
    rows = published(*(("theirs_pct", code, 50.0, True) for code in codes))
    found = fact_comparator(rows, REGISTRY, [CITY]).set_index("authority_code")
    assert found.loc["E09000001-N", "value"] == 50
    assert found.loc["E09000001-N", "note"].endswith("all 10 not close.")
    assert bool(found.loc["E09000001-N", "is_comparable"])


def test_neighbours_are_named_by_rank_with_how_close_they_are():
    rows = dim_neighbour([CITY]).sort_values("rank")
    assert rows["neighbour"].tolist()[0] == "Camden"
    assert set(rows["closeness"]) == {"Not close"}
    assert len(rows) == 10
