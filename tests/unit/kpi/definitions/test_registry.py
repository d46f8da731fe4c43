"""A wrong record is one sentence at load that names the KPI."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cf_pipeline.kpi.definitions.registry import Kpi, RegistryError, build_registry, load_registry
from tests.unit.kpi.definitions.made_up_records import (
    CASES,
    COUNT,
    LEDGER,
    MEDIAN,
    PLANS,
    SHARE,
    SPLIT,
    wrong,
)


@pytest.mark.parametrize(
    ("record", "said"),
    [
        (wrong(COUNT, numerator__table="contactz"), "no table contactz"),
        (wrong(COUNT, numerator__date="contact_day"), "contacts has no column contact_day"),
        (wrong(COUNT, numerator__date="contact_source"), "contact_source is not a date"),
        (wrong(COUNT, numerator__where=["sourc in (6)"]), "no column sourc"),
        (wrong(COUNT, numerator__where=["contact_source is 6"]), "cannot read the condition"),
        (wrong(COUNT, numerator__where=["contact_date + 3 fortnights > period_end"]), "cannot read"),
        (wrong(COUNT, numerator__open=["contact_date", "contact_completed_date"]), "one of date, open"),
        (wrong(COUNT, numerator__count="families"), "count is rows or children"),
        (wrong(COUNT, numerator__within="no_such_kpi"), "no KPI no_such_kpi"),
        (wrong(COUNT, numerator__wehre=[]), "unknown entry numerator.wehre; did you mean where?"),
        (wrong(COUNT, kind="flow"), "kind 'flow'"),
        (wrong(COUNT, polarity="good"), "polarity 'good'"),
        (wrong(COUNT, measure_class="input"), "measure_class 'input'"),
        (wrong(COUNT, forecast_rule="guess"), "forecast_rule 'guess'"),
        (wrong(COUNT, colour="red"), "unknown entry colour"),
        (wrong(COUNT, breakdowns=["shoe_size"]), "no column shoe_size"),
        (wrong(COUNT, numerator={"kpi": "no_such_kpi"}), "no KPI no_such_kpi"),
        (wrong(COUNT, denominator={"table": "contacts", "date": "contact_date"}), "has no denominator"),
        (wrong(COUNT, band={"start": "contact_date"}), "bands belong"),
        (wrong(COUNT, kind="rate_10k", denominator={"kpi": "made_up_count"}), "rate_10k has no denominator"),
        (wrong(COUNT, kind="median_days"), "needs a value column"),
        (wrong(COUNT, numerator__value="age_reported"), "only a median or average has a value column"),
        (wrong(MEDIAN, numerator__value="contact_source"), "contacts.contact_source is not a number"),
        (wrong(MEDIAN, numerator__value="shoe_size"), "contacts has no column shoe_size"),
        (wrong(COUNT, numerator__months=12, numerator__date=None, numerator__state=True), "months belong"),
        (
            wrong(COUNT, numerator={"union": [{"table": "contacts", "date": "contact_date"}]}),
            "two sides or more",
        ),
        (wrong(COUNT, numerator={"union": [{"kpi": "made_up_count"}] * 2}), "in a circle"),
        (wrong(COUNT, numerator={"kpi": "other", "where": []}), "unknown entry numerator.where"),
        (wrong(COUNT, numerator__where=["person.shoe_size == 3"]), "no column person.shoe_size"),
        (wrong(COUNT, numerator__where=["at_end.contact_source in (6)"]), "no column at_end.contact_source"),
        (wrong(COUNT, overlapping=["gender"]), "gender is not one of its breakdowns"),
        (wrong(COUNT, breakdowns=["contact_source"], overlapping=["contact_source"]), "cannot overlap"),
        (wrong(SPLIT, band={"codes": "shoe_size"}), "contacts has no column shoe_size"),
        (wrong(SPLIT, band={"codes": "contact_source", "start": "contact_date"}), "one of start, number"),
        (wrong(SPLIT, band={"start": "contact_source"}), "contacts.contact_source is not a date"),
        (wrong(SPLIT, band={"number": "contact_source", "upper": [5]}), "is not a number"),
        (wrong(SPLIT, band={"number": "age_reported"}), "rising upper values"),
        (wrong(SPLIT, band={"number": "age_reported", "upper": [9, 4]}), "rising upper values"),
        (wrong(SPLIT, band={"colour": "red"}), "unknown entry band.colour"),
        (wrong(SHARE, denominator=None), "needs a denominator"),
        (wrong(COUNT, numerator={"of": "denominator"}), "no denominator to be part of"),
        (wrong(COUNT, numerator={"kpi": "made_up_count"}), "in a circle"),
        (wrong(COUNT, numerator__within="made_up_count"), "circle (made_up_count, made_up_count)"),
        (wrong(COUNT, numerator__fallback={"kpi": "made_up_count"}), "circle (made_up_count, made_up_count)"),
        (wrong(SHARE, denominator={"of": "denominator"}), "circle (made_up_pct, made_up_pct)"),
        (wrong(COUNT, numerator__sum="gender"), "contacts.gender is not a number, as sum must be"),
        (
            wrong(MEDIAN, numerator__value="gender"),
            "contacts.gender is not a number or date, as value must be",
        ),
        (
            wrong(COUNT, numerator__date=None, numerator__year="gender"),
            "is not a whole number, as year must be",
        ),
        (wrong(COUNT, numerator__open=["contact_date", "gender"], numerator__date=None), "as open must be"),
        (wrong(COUNT, breakdowns=["contact_date"]), "contacts.contact_date is not a word or code"),
        (wrong(SPLIT, band={"codes": "contact_date"}), "contacts.contact_date is not a word or code"),
        (
            wrong(PLANS, numerator__date="at_end.cp_last_visit_date"),
            "date cannot read at_end.cp_last_visit_date",
        ),
        (wrong(PLANS, numerator__sum="at_end.cp_seen_alone"), "sum cannot read at_end.cp_seen_alone"),
        (
            wrong(COUNT, numerator__date=None, numerator__state=True),
            "contacts is no state on a day; place its",
        ),
        (
            wrong(LEDGER, numerator__table="population", numerator__sum=None),
            "population is no state on a day",
        ),
        (wrong(COUNT, numerator__date="as_at"), "no KPI can read where a row came from (as_at)"),
        (wrong(LEDGER, breakdowns=["gender"]), "rows of row_ledger have no gender; leave out"),
        (wrong(CASES, breakdowns=["age_band"]), "rows of open_cases have no age_band"),
        (
            wrong(
                SHARE, denominator=LEDGER["numerator"], numerator=COUNT["numerator"], breakdowns=["ethnicity"]
            ),
            "rows of row_ledger have no ethnicity",
        ),
        (wrong(LEDGER, numerator__count="children"), "rows of row_ledger have no child"),
        (wrong(COUNT, numerator__where=["person.date_of_birth is null"]), "no column person.date_of_birth"),
        (
            wrong(MEDIAN, numerator__fallback=COUNT["numerator"]),
            "its fallback has another value or sum; name",
        ),
        (
            wrong(LEDGER, numerator__fallback=CASES["numerator"]),
            "its fallback has another value or sum; name",
        ),
        (wrong(LEDGER, numerator__where=["person.gender in (F)"]), "no column person.gender"),
        (
            wrong(LEDGER, numerator={"table": "open_cases", "open": ["as_at", "as_at"]}),
            "rows of open_cases are not open for a time; use state or year",
        ),
        (
            wrong(
                SPLIT,
                band={"codes": "list"},
                numerator={"of": "denominator"},
                denominator={"table": "open_cases", "state": True},
            ),
            "open_cases has no column of codes",
        ),
    ],
)
def test_a_wrong_record_is_refused_with_its_name(record: dict, said: str) -> None:
    with pytest.raises(RegistryError, match=f"KPI {record['id']}: ") as error:
        build_registry([record])
    assert said in str(error.value)
    assert "\n" not in str(error.value)


def test_two_records_that_refer_to_each_other_are_refused() -> None:
    one = wrong(COUNT, id="one", numerator={"kpi": "two"})
    two = wrong(COUNT, id="two", numerator={"kpi": "one"})
    with pytest.raises(RegistryError, match=r"KPI two: .* in a circle \(one, two, one\)"):
        build_registry([one, two])


@pytest.mark.parametrize("entry", ["within", "fallback"])
def test_a_circle_is_found_from_a_record_that_is_not_in_it(entry: str) -> None:
    refers = {"within": "{}".format, "fallback": lambda kpi: {"kpi": kpi}}[entry]
    outside, one, two = (
        wrong(COUNT, id=kpi, numerator__date="contact_date", **{f"numerator__{entry}": refers(other)})
        for kpi, other in (("outside", "one"), ("one", "two"), ("two", "one"))
    )
    with pytest.raises(RegistryError, match=r"KPI two: .* in a circle \(one, two, one\)"):
        build_registry([outside, one, two])


def test_a_wrong_record_is_named_also_when_another_that_refers_to_it_is_read_first() -> None:
    refers = wrong(COUNT, id="refers", numerator={"kpi": "made_up_count"})
    with pytest.raises(RegistryError, match="KPI made_up_count: table contacts has no column contact_dote"):
        build_registry([refers, wrong(COUNT, numerator__date="contact_dote")])


def test_a_side_may_take_the_part_that_another_kpi_counts_of_its_denominator() -> None:
    registry = build_registry([wrong(COUNT, numerator={"kpi": "made_up_pct"}), SHARE])
    assert registry["made_up_count"].numerator == registry["made_up_pct"].numerator


def test_two_records_of_one_id_are_refused() -> None:
    with pytest.raises(RegistryError, match="two records"):
        build_registry([COUNT, COUNT])


def test_a_numerator_of_the_denominator_counts_within_it() -> None:
    kpi = build_registry([SHARE])["made_up_pct"]
    assert kpi.numerator.base == replace(kpi.denominator, other_dates=())
    assert kpi.numerator.date == "contact_date"


def test_a_side_may_be_part_of_another_kpi() -> None:
    part = wrong(COUNT, id="part", numerator={"of": "made_up_count", "where": ["contact_source in (6)"]})
    registry = build_registry([COUNT, part])
    assert registry["part"].numerator.base == registry["made_up_count"].numerator


@pytest.mark.parametrize("kpi", load_registry().values(), ids=lambda kpi: kpi.id)
def test_every_kpi_says_in_words_what_it_counts_and_divides_by(kpi: Kpi) -> None:
    assert kpi.title
    assert kpi.numerator_text.endswith(".")
    assert kpi.denominator_text.endswith(".") == kpi.has_denominator
    assert kpi.denominator_text or not kpi.has_denominator
