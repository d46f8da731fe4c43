from cf_pipeline.dashboard.pages.figures.frame_rows import rows_of
from cf_pipeline.dashboard.pages.figures.place_figures import place_names, published_table
from cf_pipeline.dashboard.pages.figures.scope import choose_scope
from tests.support.figure_visit import tables, texts, visit


def test_published_figures_stand_by_year_with_a_column_a_place_that_has_any():
    published = tables()
    scope = choose_scope(visit(published))
    kpi = scope.kpi("assess_45wd_pct")
    names = place_names(kpi, scope, published)
    assert list(names.values())[:3] == ["City of London, as published", "London", "Inner London"]
    table = published_table(kpi, published["fact_comparator"].query("kpi_id == 'assess_45wd_pct'"), names)
    assert [column.name for column in table.columns] == ["Year to March", "London"]
    assert texts(table) == [["2020", "84%"], ["2019", "83%"], ["2018", "82%"]]


def test_a_count_is_never_set_beside_that_of_another_place():
    published = tables()
    scope = choose_scope(visit(published))
    (kpi,) = rows_of(published["dim_kpi"].query("kpi_id == 'cin_open_stock'"))
    assert place_names(kpi, scope, published) == {"E09000001": "City of London, as published"}
