import pandas as pd

from cf_pipeline.dashboard.pages.figures.forecasts import best_methods
from tests.support.figure_visit import cell_of, content_of, table_of, tables, target, texts


def record(*rows):
    names = ["kpi_id", "method", "abs_pct_error"]
    return pd.DataFrame(rows, columns=names).astype({"abs_pct_error": "Float64"})


def test_the_method_that_came_nearest_is_first_and_what_has_no_error_is_left_out():
    found = dict(
        best_methods(
            record(
                ("contacts_count", "model", 4.0),
                ("contacts_count", "model", 6.0),
                ("contacts_count", "pro_rata", 9.0),
                ("contacts_count", "latest_value", None),
                ("cla_stock", "pro_rata", 5.0),
                ("cla_stock", "model", 5.0),
            )
        )
    )
    assert found["contacts_count"][["method", "forecasts", "error"]].to_numpy().tolist() == [
        ["model", 2, 5.0],
        ["pro_rata", 1, 9.0],
    ]
    assert found["cla_stock"]["method"].tolist() == ["model", "pro_rata"]


def test_measures_with_a_target_of_the_year_s_end_come_first():
    published = tables(targets=[target("assess_45wd_pct", 85), target("contacts_count", 300)])
    table = table_of(content_of("forecasts", published), "forecast-list")
    assert texts(table)[0][0].startswith("Child and Family Assessments")
    assert cell_of(table, texts(table)[0][0], "Year-end target").value == 85
    # Quarters of a count add up, so its target is one of a quarter.
    assert cell_of(table, "Contacts received", "Year-end target").unseen == "not compared"
    assert cell_of(table, "Contacts received", "Last year").value == 324
    assert cell_of(table, "Contacts received", "Year to date").value == 247


def test_without_a_record_the_page_says_that_it_is_not_known_yet():
    table = table_of(content_of("forecasts", tables()), "best-methods")
    assert table.rows == ()
    assert table.empty.startswith("How right such forecasts were is not known yet")
