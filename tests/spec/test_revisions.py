"""What a later delivery changes in a reported figure, from what to what, and why."""

from dataclasses import replace

import pandas as pd

from cf_pipeline.kpi.definitions.conditions import parse_condition
from cf_pipeline.kpi.definitions.registry import POPULATION, load_registry
from cf_pipeline.kpi.lineage.as_reported import kpis_with_total
from cf_pipeline.kpi.lineage.records_behind import find_records_behind
from cf_pipeline.kpi.lineage.replay import Replay, ReplayInput, replay_deliveries
from tests.spec.casebook import (
    AUTHORITY,
    KEY,
    NO_QUARANTINE,
    Delivery,
    clean_frames,
    core,
    figures,
    manifest_of,
)

REGISTRY = {
    name: load_registry()[name] for name in ("referrals_count", "assess_completed_count", "assess_45wd_pct")
}
SINCE = "2019-04-01"
IN_SEPTEMBER, IN_DECEMBER = "2019-09-30", "2019-12-31"


def replay_input(*deliveries, manifest=None, population=None) -> ReplayInput:
    return ReplayInput(
        clean_frames(deliveries),
        NO_QUARANTINE,
        manifest_of(deliveries) if manifest is None else manifest,
        core(*deliveries).tables,
        {} if population is None else {POPULATION: population},
        AUTHORITY,
        KEY,
    )


def replay(*deliveries, registry=REGISTRY, edition="first", earlier=None, population=None) -> Replay:
    return replay_deliveries(
        replay_input(*deliveries, population=population), registry, edition, earlier or Replay()
    )


def revisions_of(found: Replay, kpi_id: str, quarter: str = "2019/20 Q2", basis: str = "quarter"):
    rows = found.revisions
    rows = rows[rows["kpi_id"].eq(kpi_id) & rows["quarter_key"].eq(quarter) & rows["basis"].eq(basis)]
    return [
        (row.from_value, row.to_value, f"{row.from_as_at:%Y-%m-%d}", f"{row.to_as_at:%Y-%m-%d}", row.reason)
        for row in rows.itertuples()
    ]


def referrals(*days: str) -> dict:
    return {"referrals": [{"child_id": f"child {day}", "referral_date": day} for day in days]}


FIRST = Delivery(IN_SEPTEMBER, referrals("2019-07-01", "2019-08-01", "2019-09-02"), covers_from=SINCE)


def test_a_record_that_arrives_later_is_a_late_entry() -> None:
    late = Delivery(
        IN_DECEMBER, referrals("2019-07-01", "2019-08-01", "2019-09-02", "2019-09-03"), covers_from=SINCE
    )
    assert revisions_of(replay(FIRST, late), "referrals_count") == [
        (3, 4, IN_SEPTEMBER, IN_DECEMBER, "late entry: 1")
    ]


def test_a_record_that_a_later_delivery_should_hold_and_does_not_is_a_withdrawal() -> None:
    without = Delivery(IN_DECEMBER, referrals("2019-07-01", "2019-09-02"), covers_from=SINCE)
    assert revisions_of(replay(FIRST, without), "referrals_count") == [
        (3, 2, IN_SEPTEMBER, IN_DECEMBER, "withdrawal: 1")
    ]


def test_another_value_on_the_same_record_is_a_correction() -> None:
    def assessed(as_at: str, authorised: str) -> Delivery:
        row = {"assessment_start_date": "2019-07-01", "assessment_authorised_date": authorised}
        return Delivery(as_at, {"assessments": [row]}, covers_from=SINCE)

    found = replay(assessed(IN_SEPTEMBER, "2019-07-30"), assessed(IN_DECEMBER, "2019-09-30"))
    assert revisions_of(found, "assess_45wd_pct") == [(100, 0, IN_SEPTEMBER, IN_DECEMBER, "correction: 1")]
    assert revisions_of(found, "assess_completed_count") == []


def test_a_record_whose_date_alone_moved_is_a_correction() -> None:
    def referred(as_at: str, day: str) -> Delivery:
        rows = [{"child_id": "A", "referral_date": day}, {"child_id": "B", "referral_date": "2019-08-15"}]
        return Delivery(as_at, {"referrals": rows}, covers_from=SINCE)

    found = replay(referred(IN_SEPTEMBER, "2019-07-02"), referred(IN_DECEMBER, "2019-06-29"))
    assert revisions_of(found, "referrals_count") == [(2, 1, IN_SEPTEMBER, IN_DECEMBER, "correction: 1")]
    assert revisions_of(found, "referrals_count", "2019/20 Q1") == [
        (0, 1, IN_SEPTEMBER, IN_DECEMBER, "correction: 1")
    ]


def test_a_quarter_that_had_not_been_reported_is_not_revised() -> None:
    later = Delivery(
        IN_DECEMBER, referrals("2019-07-01", "2019-08-01", "2019-09-02", "2019-10-01"), covers_from=SINCE
    )
    found = replay(FIRST, later)
    assert revisions_of(found, "referrals_count", "2019/20 Q3") == []
    assert found.revisions.empty


def test_another_definition_of_the_same_deliveries_is_told_and_stays_revisions_of() -> None:
    earlier = replay(FIRST)
    kpi = REGISTRY["referrals_count"]
    from_august = replace(
        kpi,
        numerator=replace(kpi.numerator, where=(parse_condition("referral_date >= period_start + 31 days"),)),
    )
    redefined = REGISTRY | {"referrals_count": from_august}
    found = replay(FIRST, registry=redefined, edition="second", earlier=earlier)
    assert revisions_of(found, "referrals_count") == [(3, 2, IN_SEPTEMBER, IN_SEPTEMBER, "definition change")]
    assert revisions_of(found, "assess_completed_count") == []
    again = replay(FIRST, registry=redefined, edition="second", earlier=found)
    pd.testing.assert_frame_equal(again.revisions, found.revisions)


def test_a_definition_that_changes_twice_is_told_once_and_not_when_it_changes_back() -> None:
    kpi = REGISTRY["referrals_count"]

    def defined(days: int) -> dict:
        where = (parse_condition(f"referral_date >= period_start + {days} days"),)
        return REGISTRY | {"referrals_count": replace(kpi, numerator=replace(kpi.numerator, where=where))}

    first = replay(FIRST)
    second = replay(FIRST, registry=defined(31), edition="second", earlier=first)
    third = replay(FIRST, registry=defined(62), edition="third", earlier=second)
    assert revisions_of(third, "referrals_count") == [(3, 1, IN_SEPTEMBER, IN_SEPTEMBER, "definition change")]
    back = replay(FIRST, edition="fourth", earlier=third)
    assert revisions_of(back, "referrals_count") == []


def test_the_estimate_of_the_years_own_population_is_a_revision_when_it_comes() -> None:
    registry = REGISTRY | {"referrals_rate_10k": load_registry()["referrals_rate_10k"]}
    of_2018 = pd.DataFrame({"mid_year": [2018], "persons": [3000]}, dtype="Int64")
    of_2019 = pd.DataFrame({"mid_year": [2018, 2019], "persons": [3000, 2000]}, dtype="Int64")
    earlier = replay(FIRST, registry=registry, population=of_2018)
    assert earlier.revisions.empty
    found = replay(FIRST, registry=registry, edition="second", earlier=earlier, population=of_2019)
    reason = "newer estimate of the population, or change of product or settings"
    assert revisions_of(found, "referrals_rate_10k") == [(10, 15, IN_SEPTEMBER, IN_SEPTEMBER, reason)]
    assert revisions_of(found, "referrals_count") == []


def test_a_held_delivery_made_nothing_known() -> None:
    manifest = manifest_of((FIRST, Delivery("2019-06-30", referrals("2019-06-01"), covers_from=SINCE)))
    manifest["status"] = manifest["status"].mask(manifest["delivery_id"].str.endswith("2019-06-30"), "held")
    found = replay_deliveries(replay_input(FIRST, manifest=manifest), REGISTRY, "first", Replay())
    assert set(found.reports["as_at"]) == {pd.Timestamp(IN_SEPTEMBER)}


def test_a_date_has_the_totals_of_its_deliveries_in_quarters_years_to_date_and_years() -> None:
    later = Delivery("2020-03-31", referrals("2019-07-01", "2019-09-02", "2020-01-05"), covers_from=SINCE)
    found = replay(FIRST, later).reports
    key = ["quarter_key", "basis", "kpi_id"]
    for deliveries in ((FIRST,), (FIRST, later)):
        then = found[found["as_at"].eq(pd.Timestamp(deliveries[-1].as_at))]
        totals = figures(*deliveries, registry=kpis_with_total(REGISTRY))
        pd.testing.assert_series_equal(
            then.set_index(key)["value"].sort_index(), totals.set_index(key)["value"].sort_index()
        )
    assert set(found["basis"]) == {"quarter", "ytd", "year"}


def test_a_later_run_of_the_same_files_finds_the_same() -> None:
    late = Delivery(IN_DECEMBER, referrals("2019-07-01"), covers_from=SINCE)
    found = replay(FIRST, late)
    again = replay(FIRST, late, earlier=found)
    pd.testing.assert_frame_equal(again.reports, found.reports)
    pd.testing.assert_frame_equal(again.revisions, found.revisions)


def test_a_count_equals_its_number_of_member_rows() -> None:
    members = find_records_behind(core(FIRST).tables, REGISTRY)
    rows = members[members["kpi_id"].eq("referrals_count") & members["quarter_key"].eq("2019/20 Q2")]
    assert rows.groupby("basis").size().to_dict() == {"quarter": 3, "ytd": 3}
    assert set(rows["list"]) == {"referrals"}
    assert sorted(rows.loc[rows["basis"].eq("quarter"), "member_no"]) == [1, 2, 3]
