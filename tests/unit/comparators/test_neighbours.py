"""The median of the statistical neighbours, and how close they are in words."""

import pandas as pd

from cf_pipeline.comparators.neighbours import (
    FEWEST_NEIGHBOURS,
    combine_neighbours,
    neighbour_medians,
    statistical_neighbours,
)
from cf_pipeline.comparators.open_data.neighbours import CLOSENESS, NEIGHBOURS
from cf_pipeline.contracts.authorities import authorities

CITY, BARKING = "E09000001", "E09000002"


def own_neighbours(code):
    rows = statistical_neighbours()
    return rows[rows["authority_code"].eq(code)].sort_values("rank")["neighbour_code"].tolist()


def published(values):
    """Published figures of one year from {place: value or None}."""
    rows = [
        ("icpc_15wd_pct", "all", code, 2019, value, None if value is not None else "c", "s", "r", "f.csv")
        for code, value in values.items()
    ]
    names = "kpi_id category authority_code year_ending value symbol source release file"
    return pd.DataFrame(rows, columns=names.split()).astype({"value": "Float64", "year_ending": "Int64"})


def test_every_authority_has_ten_neighbours_that_are_authorities_and_not_itself():
    rows = statistical_neighbours()
    local = {
        authority.authority_code
        for authority in authorities().values()
        if authority.kind == "local_authority"
    }
    assert set(rows["authority_code"]) == local
    assert set(rows["neighbour_code"]) <= local
    assert (rows["authority_code"] != rows["neighbour_code"]).all()
    assert (
        rows.groupby("authority_code")["rank"].apply(sorted)
        == rows.groupby("authority_code")["rank"].apply(lambda _: list(range(1, 11)))
    ).all()
    assert set(rows["closeness"]) == set(CLOSENESS)


def note_of(code):
    values = dict.fromkeys(own_neighbours(code), 12.0)
    return neighbour_medians(published(values), [code]).iloc[0]["note"]


def test_none_of_the_citys_neighbours_is_close_and_it_is_said():
    assert note_of(CITY) == "Median of 10 of its 10 statistical neighbours, all 10 not close."


def test_neighbours_of_several_kinds_are_counted_by_kind_closest_first():
    assert note_of(BARKING) == "Median of 10 of its 10 statistical neighbours, 3 close, 7 somewhat close."


def test_the_median_of_an_even_number_is_between_the_two_in_the_middle():
    values = dict(zip(own_neighbours(CITY)[:6], (10, 20, 30, 40, 50, 600), strict=True))
    row = neighbour_medians(published(values), [CITY]).iloc[0]
    assert (row["authority_code"], row["value"]) == ("E09000001-N", 35)


def test_withheld_values_are_left_out_and_the_note_says_how_many_there_are():
    of = own_neighbours(CITY)
    values = dict.fromkeys(of[:5], 12.0) | {of[5]: None, "E12000007": 99.0, CITY: 1.0}
    row = neighbour_medians(published(values), [CITY]).iloc[0]
    assert (row["value"], row["note"]) == (
        12,
        "Median of 5 of its 10 statistical neighbours, all 5 not close.",
    )


def test_fewer_than_half_of_the_neighbours_have_no_median():
    values = dict.fromkeys(own_neighbours(CITY)[: FEWEST_NEIGHBOURS - 1], 12.0)
    assert neighbour_medians(published(values), [CITY]).empty


def test_without_any_published_neighbour_the_columns_are_there():
    assert list(neighbour_medians(published({}), [CITY]).columns)[:5] == [
        "kpi_id",
        "category",
        "authority_code",
        "year_ending",
        "value",
    ]


def test_the_neighbours_of_a_newer_file_take_the_place_of_those_that_ship():
    newer = NEIGHBOURS.frame(
        [(CITY, rank, f"E090000{rank + 1:02d}", "Close", "sn_model_2027_wide.csv") for rank in range(1, 11)]
    )
    rows = combine_neighbours(newer)
    own = rows[rows["authority_code"].eq(CITY)]
    assert own["neighbour_code"].tolist() == newer["neighbour_code"].tolist()
    assert len(rows) == len(statistical_neighbours())
    values = dict.fromkeys(newer["neighbour_code"], 12.0)
    note = neighbour_medians(published(values), [CITY], rows).iloc[0]["note"]
    assert note == "Median of 10 of its 10 statistical neighbours, all 10 close."
