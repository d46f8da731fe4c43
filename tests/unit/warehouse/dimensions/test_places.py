"""The places that are only compared with have a row beside the authorities."""

from cf_pipeline.warehouse.dimensions.places import other_places


def test_a_region_the_country_a_neighbour_and_a_median_are_named():
    rows = other_places(["E12000007", "E92000001", "E09000007", "E09000001-N", "E09000001"], ["E09000001"])
    named = rows.set_index("authority_code")[["name", "kind"]].apply(tuple, axis=1).to_dict()
    assert named == {
        "E12000007": ("London", "region"),
        "E92000001": ("England", "country"),
        "E09000007": ("Camden", "local_authority"),
        "E09000001-N": ("Statistical neighbours of City of London (median)", "neighbours"),
    }
    assert not rows["has_figures"].any()
    assert rows["slug"].is_unique


def test_a_code_that_nobody_knows_is_its_own_name():
    assert other_places(["E10009999"], [])["name"].tolist() == ["E10009999"]
