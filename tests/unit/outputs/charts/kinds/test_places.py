import pytest

from cf_pipeline.outputs.charts.kinds.places import places_chart
from tests.support.chart_figures import CODE, comparison, figures, totals

LONDON, ENGLAND, INNER = "E12000007", "E92000001", "E13000001"
NEIGHBOURS = ["E09000007", "E09000012", "E09000019", "E09000028"]


def _published(kpi_id="contacts_1wd_pct", **values):
    places = {LONDON: 84.0, ENGLAND: 82.6, INNER: 81.0} | dict(
        zip(NEIGHBOURS, (90.0, 75.0, 70.0, 65.0), strict=True)
    )
    return [
        {"authority_code": code, "kpi_id": kpi_id, "year_ending": year, "value": value and value - back}
        | {"is_comparable": True}
        for code, value in (places | values).items()
        for year, back in ((2019, 0), (2018, 20))
    ]


def _chart(numerator=46, whole=50, published=None, neighbours=NEIGHBOURS, **tables):
    rows = {
        "fact_kpi_quarterly": totals("contacts_1wd_pct", [numerator] * 3, whole),
        "fact_kpi_comparison": [
            comparison("contacts_1wd_pct", "london", 84.0, "higher", value=100 * numerator / whole),
            comparison("contacts_1wd_pct", "england", 82.6, "higher", value=100 * numerator / whole),
        ],
        "fact_comparator": _published() if published is None else published,
        "dim_neighbour": [
            {"authority_code": CODE, "rank": rank, "neighbour_code": code}
            for rank, code in enumerate(neighbours, start=1)
        ],
    }
    return places_chart(figures(**rows | tables), "contacts_1wd_pct")


def test_places_stand_highest_first_with_the_year_of_their_figure():
    assert _chart().table.rows == (
        ("City of London", "92% (46 of 50)", "Q3 2019/20"),
        ("Camden", "90%", "year to March 2019"),
        ("London", "84%", "year to March 2019"),
        ("England", "83%", "year to March 2019"),
        ("Inner London", "81%", "year to March 2019"),
        ("Hackney", "75%", "year to March 2019"),
        ("Islington", "70%", "year to March 2019"),
        ("Southwark", "65%", "year to March 2019"),
    )


def test_the_title_has_the_published_words():
    assert _chart().title == (
        "Contacts completed within one working day: 92% in Q3 2019/20, "
        "higher than London (84%) and higher than England (83%)"
    )


def test_what_chance_says_is_told_as_published():
    rows = [comparison("contacts_1wd_pct", "london", 84.0, "higher", value=92.0, chance="too few to judge")]
    assert "Beside London: too few to judge." in _chart(fact_kpi_comparison=rows).description


def test_the_councils_own_dot_differs_in_shape_and_its_words_are_bold():
    layers = [layer["mark"] for layer in _chart().spec["layer"]]
    marks = [mark for mark in layers if mark["type"] == "point"]
    assert len({(mark.get("shape", "circle"), mark["fill"] == mark["stroke"]) for mark in marks}) == 3
    assert [mark["fontWeight"] for mark in layers if "fontWeight" in mark] == ["normal", "bold"]


def test_only_statistical_neighbours_are_shown():
    assert "Camden" not in [row[0] for row in _chart(neighbours=NEIGHBOURS[1:]).table.rows]


def test_a_figure_that_was_not_published_is_named_last_and_not_drawn():
    chart = _chart(published=_published(**{"E09000007": None}))
    assert chart.table.rows[-1] == ("Camden", "not published", "year to March 2019")
    drawn = [layer for layer in chart.spec["layer"] if layer["mark"]["type"] == "point"]
    assert sum(len(layer["data"]["values"]) for layer in drawn) == len(chart.table.rows) - 1


@pytest.mark.parametrize(("neighbours", "is_drawn"), [(NEIGHBOURS[:1], False), (NEIGHBOURS[:2], True)])
def test_fewer_than_six_places_are_a_table_alone(neighbours, is_drawn):
    assert (_chart(neighbours=neighbours).spec is not None) is is_drawn


def test_a_share_of_fewer_than_six_is_a_table_alone():
    assert _chart(4, 5).spec is None


def test_a_share_of_fewer_than_twenty_is_named_by_its_counts():
    chart = _chart(15, 19)
    assert ": 15 of 19 in Q3 2019/20" in chart.title
    assert ("City of London", "15 of 19 (79%)", "Q3 2019/20") in chart.table.rows


def test_without_a_published_figure_there_is_nothing_to_compare():
    chart = _chart(fact_kpi_comparison=[])
    assert chart.spec is None and chart.table.rows == ()
    assert chart.title.endswith("no published figure to compare with")
