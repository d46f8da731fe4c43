import pandas as pd

from cf_pipeline.kpi.definitions.registry import load_registry
from cf_pipeline.warehouse.conform import check
from cf_pipeline.warehouse.dimensions.categories import dim_category
from cf_pipeline.warehouse.earlier_figures import with_figures
from cf_pipeline.warehouse.figures_hash import figures_hash
from tests.support import publication_example as example
from tests.support.published_tables import published_tables


def test_the_tables_are_ready_to_publish(published):
    assert set(check(published)) == set(published)


def test_run_id_is_on_the_facts_that_have_one(published):
    assert set(published["fact_kpi_quarterly"]["run_id"]) == {"run-1"}
    assert set(published["fact_kpi_forecast"]["run_id"]) == {"run-1"}


def test_the_latest_quarter_is_the_newest_that_had_ended_by_the_as_at_date(published):
    assert with_figures(published["dim_authority"])["latest_quarter_key"].tolist() == ["2019/20 Q3"]
    early = example.kpi_quarterly().assign(as_at=pd.Timestamp("2019-12-30"))
    tables = example.tables(kpi_quarterly=early)
    assert with_figures(tables["dim_authority"])["latest_quarter_key"].tolist() == ["2019/20 Q2"]


def test_an_authority_without_figures_is_there_with_what_it_delivered():
    empty = {
        name: getattr(example, name)().iloc[:0]
        for name in (
            "kpi_quarterly",
            "kpi_forecast",
            "kpi_comparison",
            "headlines",
            "deliveries",
            "row_ledger",
        )
    }
    tables = example.tables(**empty)
    assert tables["dim_authority"][["latest_as_at", "latest_quarter_key"]].isna().all(axis=None)
    assert tables["delivery"]["status"].tolist() == ["read", "read", "refused"]
    assert set(check(tables)) == set(tables)


def test_no_authority_at_all_still_makes_every_table():
    tables = published_tables([], example.REGISTRY, example.comparators(), example.publication())
    assert set(check(tables)) == set(tables)


def test_a_refused_delivery_is_listed_with_its_reason_and_no_rows(published):
    refused = published["delivery"].set_index("delivery_id").loc["2020-03-31"]
    assert (refused["status"], refused["rows_read"], refused["files"]) == ("refused", 0, 1)
    assert refused["reason"].startswith("broken.xlsx is not a workbook")


def test_rows_read_are_all_accounted_for(published):
    rows = published["delivery"]
    assert (rows["rows_read"] == rows["rows_core"] + rows["rows_quarantined"] + rows["rows_superseded"]).all()


def test_issues_are_counted_by_rule_with_their_trend(published):
    rows = published["data_quality"].set_index(["delivery_id", "rule"])
    assert rows.loc[("2019-12-31", "key_missing"), "issues"] == 3
    assert rows.loc[("2019-12-31", "key_missing"), "trend"] == 2
    assert rows.loc[("2019-12-31", "code_unknown"), "trend"] == 1
    assert pd.isna(rows.loc[("2019-09-30", "key_missing"), "trend"])


def test_only_series_of_our_kpis_are_published(published):
    assert set(published["fact_comparator"]["kpi_id"]) == {"assess_45wd_pct"}


def test_quarters_are_those_of_the_figures(published):
    quarters = published["dim_quarter"].set_index("quarter_key")
    assert list(quarters.index) == ["2018/19 Q4", "2019/20 Q1", "2019/20 Q2", "2019/20 Q3"]
    assert quarters.loc["2018/19 Q4", "end_date"] == pd.Timestamp("2019-03-31")


def test_categories_are_in_words_and_in_order():
    splits = [
        ("cla_stock", "gender", "M"),
        ("cla_stock", "team", "West"),
        ("cla_stock", "age_band", "<1"),
        ("cla_stock", "gender", "unknown"),
        ("cin_stock", "primary_need", "N1"),
    ]
    frame = pd.DataFrame(splits, columns=["kpi_id", "breakdown", "category"])
    rows = dim_category(frame, load_registry()).set_index(["breakdown", "category"])
    assert rows.loc[("gender", "M"), ["label", "position"]].tolist() == ["Male", 1]
    assert rows.loc[("gender", "unknown"), ["label", "position"]].tolist() == ["Not known", 5]
    assert rows.loc[("team", "West"), "label"] == "West"
    assert rows.loc[("age_band", "<1"), "label"] == "Under 1"
    assert rows.loc[("primary_need", "N1"), "label"] == "Abuse or neglect"


def test_the_hash_is_of_the_figures_not_of_the_run():
    assert _hash(example.tables(1, "run-1")) == _hash(example.tables(9, "run-9"))


def test_the_hash_changes_with_the_last_digit():
    facts = example.kpi_quarterly()
    assert _hash(example.tables(kpi_quarterly=facts)) == _hash(example.tables())
    facts.loc[0, "value"] = facts.loc[0, "value"] * (1 + 2**-52)
    assert _hash(example.tables(kpi_quarterly=facts)) != _hash(example.tables())


def test_the_hash_does_not_depend_on_the_order_of_rows(published):
    shuffled = {name: frame.sample(frac=1, random_state=2) for name, frame in published.items()}
    assert figures_hash(shuffled) == figures_hash(published)


def _hash(tables: dict[str, pd.DataFrame]) -> str:
    return tables["publication"]["figures_hash"].item()


def test_what_is_wrong_says_what_it_means_and_whether_it_is_of_the_newest_delivery(published):
    rows = published["data_quality"].set_index(["delivery_id", "rule"])
    newest = rows.loc[("2019-12-31", "key_missing")]
    assert newest["message"] == "A column that the row cannot do without is empty."
    assert newest["kpis"] == "contacts_count"
    assert newest["is_newest"]
    assert not rows.loc[("2019-09-30", "key_missing"), "is_newest"]


def test_every_figure_s_category_has_one_row_by_its_code_set(published):
    facts = published["fact_kpi_quarterly"][["kpi_id", "breakdown", "category"]].drop_duplicates()
    named = facts.merge(published["dim_kpi"][["kpi_id", "band_code_set"]], on="kpi_id")
    joined = named.merge(published["dim_category"], on=["breakdown", "category"], how="left")
    is_own = joined["breakdown"].ne("band") | joined["code_set"].eq(joined["band_code_set"])
    assert len(joined[is_own & joined["label"].notna()]) == len(facts)
