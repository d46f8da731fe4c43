from cf_pipeline.compare import published_comparators
from cf_pipeline.compare.comparators import DTYPES
from cf_pipeline.contracts.authorities import ENGLAND, LONDON


def value(kpi_id, authority_code, year, category="all"):
    rows = published_comparators().set_index(["kpi_id", "category", "authority_code", "year_ending"])
    return rows.loc[(kpi_id, category, authority_code, year), "value"]


def test_columns_and_key():
    rows = published_comparators()
    assert {name: str(dtype) for name, dtype in rows.dtypes.items()} == DTYPES
    assert not rows.duplicated(["kpi_id", "category", "authority_code", "year_ending"]).any()
    assert rows[["source", "release"]].notna().all(axis=None)


def test_a_value_or_a_symbol_never_both_never_neither():
    rows = published_comparators()
    assert (rows["value"].isna() == rows["symbol"].notna()).all()
    assert set(rows["symbol"].dropna()) <= {"c", "x", "z", "k", "u"}


def test_figures_as_published():
    assert value("assess_45wd_pct", "E09000001", 2019) == 81
    assert value("cla_stock", "E09000001", 2019) == 20
    assert value("assess_45wd_pct", LONDON, 2019) == 84.1
    assert value("icpc_15wd_pct", ENGLAND, 2020) == 77.6
    assert value("cl_stock", "E09000001", 2020, "17-18") == 11
    assert value("cl_stock", LONDON, 2020, "19-21") == 6880  # one series through the years, not two mixed
