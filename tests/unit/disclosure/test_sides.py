"""What the registry says about its counts, as an attacker reads it."""

from cf_pipeline.disclosure.sides import Part, count_sides
from cf_pipeline.kpi.definitions.registry import load_registry

SIDES = count_sides(load_registry())


def name(kpi_id: str, role: str = "numerator") -> str:
    return SIDES.names[kpi_id, role]


def parts() -> dict[tuple[str, str], bool]:
    return {(part.part, part.whole): part.is_rest_sensitive for part in SIDES.parts}


def test_kpis_that_share_a_count_share_its_name() -> None:
    assert name("referrals_rate_10k") == name("referrals_count")
    assert name("rereferrals_12m_pct", "denominator") == name("referrals_count")
    assert name("cla_rate_10k", "denominator") == name("pop_0_17")
    assert name("cla_3plus_placements_pct") == name("cla_3plus_placements_count")


def test_counts_that_do_not_agree_are_apart() -> None:
    apart = count_sides(load_registry(), {name("referrals_count")})
    assert apart.names["rereferrals_12m_pct", "denominator"] == "rereferrals_12m_pct denominator"
    whole = "rereferrals_12m_pct denominator"
    assert Part("rereferrals_12m_pct numerator", whole, is_rest_sensitive=True) in apart.parts


def test_a_percentage_s_numerator_is_part_of_its_denominator_and_the_rest_are_people() -> None:
    assert parts()[name("rereferrals_12m_pct"), name("referrals_count")]
    assert parts()[name("cla_20miles_pct"), name("cla_stock")]
    assert (name("contact_to_referral_pct"), name("contacts_count")) not in parts()


def test_a_count_with_more_conditions_is_part_of_one_with_fewer() -> None:
    assert (name("missing_rhi_accepted_count"), name("missing_episodes_count")) in parts()
    assert (name("missing_episodes_count"), name("missing_rhi_accepted_count")) not in parts()


def test_children_are_at_most_their_records() -> None:
    assert parts()[name("referrals_children_count"), name("referrals_count")] is False
    assert (name("referrals_count"), name("referrals_children_count")) not in parts()


def test_every_side_of_a_union_is_part_of_it() -> None:
    assert (name("cpp_stock"), name("cin_all_stock")) in parts()


def test_records_add_up_over_quarters_and_children_do_not() -> None:
    assert name("referrals_count") in SIDES.additive
    assert name("rereferrals_12m_pct") in SIDES.additive
    assert name("referrals_children_count") not in SIDES.additive
    assert name("cla_stock") in SIDES.stocks
    assert name("cin_disability_pct") in SIDES.stocks
    assert name("adopt_a10_days", "denominator") in SIDES.stocks


def test_a_median_has_one_count_the_number_of_its_values() -> None:
    assert SIDES.roles("assess_median_wd") == ("denominator",)
    assert parts()[name("assess_median_wd", "denominator"), name("assess_completed_count")] is False


def test_the_bands_of_a_distribution_are_categories_of_its_denominator() -> None:
    assert name("cpp_duration_bands") == name("cpp_stock")
