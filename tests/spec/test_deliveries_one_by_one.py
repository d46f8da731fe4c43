"""Deliveries that arrive one by one are followed as they are when worked out from nothing, always."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cf_pipeline.history.merge.core import merge_deliveries
from cf_pipeline.kpi.definitions.registry import load_registry
from cf_pipeline.kpi.lineage import replay as replay_module
from cf_pipeline.kpi.lineage.as_reported import delivered_columns_read, kpis_with_total, report_totals
from cf_pipeline.kpi.lineage.replay import Replay, ReplayInput, replay_deliveries
from tests.second_opinion.comparison import as_cleaned
from tests.second_opinion.true_year import QUARTER_ENDS, TrueYear, Way
from tests.spec.casebook import AUTHORITY, KEY, NO_QUARANTINE, Delivery, clean_frames, core, manifest_of
from tests.spec.test_history_random import DATES, LISTS

KPIS = ("contacts_count", "contacts_repeat_12m_pct", "cla_stock", "cla_started_count", "cl_in_touch_pct")
REGISTRY = {name: kpi for name, kpi in load_registry().items() if name in KPIS}
IN_JUNE, IN_SEPTEMBER, IN_DECEMBER = DATES[1:]
SINCE = "2019-02-01"


def input_of(deliveries: list[Delivery], held: frozenset[str] = frozenset()) -> ReplayInput:
    """What was received; held deliveries are in the manifest alone."""
    usable = [delivery for delivery in deliveries if delivery.as_at not in held]
    manifest = manifest_of(deliveries)
    content = {each.name: hashlib.sha256(repr(each).encode()).hexdigest() for each in deliveries}
    is_held = manifest["as_at"].dt.strftime("%Y-%m-%d").isin(held)
    manifest = manifest.assign(
        sha256=manifest["delivery_id"].map(content), status=manifest["status"].mask(is_held, "held")
    )
    tables = core(*usable).tables
    return ReplayInput(clean_frames(usable), NO_QUARANTINE, manifest, tables, {}, AUTHORITY, KEY)


def follow(found: ReplayInput, earlier: Replay, edition: str = "first") -> Replay:
    return replay_deliveries(found, REGISTRY, edition, earlier)


def assert_same(found: Replay, expected: Replay) -> None:
    for name in ("reports", "revisions", "newest", "members"):
        pd.testing.assert_frame_equal(getattr(found, name), getattr(expected, name), obj=name)


def contacts(*days: str) -> dict:
    return {"contacts": [{"child_id": f"child {day}", "contact_date": day} for day in days]}


JUNE = Delivery(IN_JUNE, contacts("2019-05-01", "2019-05-20"), covers_from=SINCE)
SEPTEMBER = Delivery(IN_SEPTEMBER, contacts("2019-05-01", "2019-06-02", "2019-08-01"), covers_from=SINCE)
DECEMBER = Delivery(IN_DECEMBER, contacts("2019-05-01", "2019-08-02", "2019-08-03"), covers_from=SINCE)


def test_a_new_delivery_is_followed_without_merging_an_earlier_date(monkeypatch) -> None:
    earlier = follow(input_of([JUNE, SEPTEMBER]), Replay())
    everything = input_of([JUNE, SEPTEMBER, DECEMBER])
    expected = follow(everything, Replay())
    assert not expected.revisions.empty

    def never(*_: object, **__: object) -> None:
        raise AssertionError("an earlier date was merged")

    monkeypatch.setattr(replay_module, "merge_columns_read", never)
    assert_same(follow(everything, earlier), expected)


@pytest.mark.parametrize("stamp", ["as_at", "deliveries", "edition"])
def test_records_that_were_kept_of_something_else_are_worked_out_again(stamp: str) -> None:
    earlier = follow(input_of([JUNE, SEPTEMBER]), Replay())
    other = pd.Timestamp(IN_JUNE) if stamp == "as_at" else "another"
    wrong = replace(earlier, newest=earlier.newest.assign(**{stamp: other}), members=earlier.members.iloc[:0])
    everything = input_of([JUNE, SEPTEMBER, DECEMBER])
    expected = follow(everything, Replay())
    assert_same(follow(everything, wrong), expected)


@pytest.mark.slow
def test_totals_of_an_earlier_date_need_no_column_that_its_merge_leaves_out() -> None:
    kpis = kpis_with_total(load_registry())
    deliveries = [as_cleaned(delivery) for delivery in TrueYear(Way(QUARTER_ENDS)).deliveries]
    of_all = input_of(deliveries)
    found = replay_deliveries(of_all, kpis, "first", Replay()).reports
    for day in found["as_at"].unique():
        complete = merge_deliveries(
            of_all.clean, of_all.quarantine, of_all.manifest, AUTHORITY, KEY, as_reported_at=day
        )
        expected = report_totals(complete.tables, kpis, AUTHORITY).totals
        same = found.loc[found["as_at"].eq(day), expected.columns].reset_index(drop=True)
        pd.testing.assert_frame_equal(same, expected.reset_index(drop=True))


def test_the_own_cell_of_what_the_child_record_fills_is_read_at_an_earlier_date() -> None:
    columns = delivered_columns_read(kpis_with_total(load_registry()))
    assert "has_disability" in columns["children_in_need"]
    assert "permanence_plan" in columns["children_in_care"]


def test_other_rules_of_a_kpi_are_noticed_though_the_edition_is_the_same() -> None:
    earlier = follow(input_of([JUNE]), Replay())
    kpi = REGISTRY["contacts_count"]
    other = REGISTRY | {"contacts_count": replace(kpi, numerator=replace(kpi.numerator, count="children"))}
    found = replay_deliveries(input_of([JUNE]), other, "first", earlier)
    expected = replay_deliveries(input_of([JUNE]), other, "first", Replay())
    pd.testing.assert_frame_equal(found.reports, expected.reports)
    words = REGISTRY | {"contacts_count": replace(kpi, title="Other words")}
    same = replay_deliveries(input_of([JUNE]), words, "first", earlier)
    assert set(same.reports["edition"]) == set(earlier.reports["edition"])


ARRIVAL = st.tuples(
    st.sampled_from(DATES),
    st.none() | st.tuples(LISTS, st.sampled_from((None, "2018-10-01", SINCE))),
    st.sampled_from((False, False, False, True)),
    st.sampled_from(("first", "first", "second")),
)


@pytest.mark.slow
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(ARRIVAL, min_size=2, max_size=6))
def test_every_arrival_gives_what_working_everything_out_again_gives(arrivals: list) -> None:
    received: dict[str, Delivery] = {}
    held: set[str] = set()
    found = Replay()
    for as_at, content, is_held, edition in arrivals:
        if content is None:
            received.pop(as_at, None)
        else:
            received[as_at] = Delivery(as_at, content[0], covers_from=content[1])
        held = held - {as_at} | ({as_at} if is_held else set())
        usable = [each for day, each in received.items() if day not in held]
        if not any(each.lists for each in usable):
            continue
        arrived = input_of(list(received.values()), frozenset(held))
        found = follow(arrived, found, edition)
        assert_same(found, follow(arrived, Replay(), edition))
