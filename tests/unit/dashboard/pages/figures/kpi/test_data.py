import pandas as pd

from tests.support.figure_visit import content_of, table_of, tables, texts


def test_issues_that_touch_the_measure_are_shown_worst_first():
    published = tables()
    issues = (
        published["data_quality"]
        .reindex(range(4))
        .assign(
            authority_code="E09000001",
            is_newest=pd.array([True] * 3 + [False], dtype="boolean"),
            kpis=["contacts_count;x", "contacts_count_other", "y;contacts_count", "contacts_count"],
            severity=["info", "error", "error", "error"],
            issues=pd.array([9, 8, 7, 6], dtype="Int64"),
            rule=["one", "two", "three_words", "old"],
        )
    )
    content = content_of("kpi", {**published, "data_quality": issues}, kpi_id="contacts_count")
    assert [row[:3] for row in texts(table_of(content, "issues"))] == [
        ["three words", "error", "7"],
        ["one", "info", "9"],
    ]


def test_corrections_of_the_measure_are_shown():
    content = content_of("kpi", tables(), kpi_id="contacts_count")
    assert texts(table_of(content, "corrections"))[0][2] == "89"
    assert table_of(content_of("kpi", tables(), kpi_id="cin_open_stock"), "corrections").rows == ()
