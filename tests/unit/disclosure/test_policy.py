"""The policy as data: read, checked in words, and which one is in force."""

import datetime as dt
from dataclasses import replace

import pytest

from cf_pipeline.disclosure.policy import (
    Approval,
    DisclosureError,
    LastRelease,
    audience_policy,
    check_approvals,
    product_policy,
    read_policy,
)
from cf_pipeline.kpi.definitions.registry import load_registry

APPROVAL = Approval("cla_stock", "a headline of the paper", "the director", dt.date(2020, 1, 14))
PUBLIC, COMMITTEE = product_policy()["members_public"], product_policy()["committee"]


def test_each_audience_has_the_policy_that_is_written() -> None:
    assert product_policy()["internal"].threshold == 0
    assert (COMMITTEE.threshold, COMMITTEE.breakdowns) == (5, ("total",))
    assert (PUBLIC.threshold, PUBLIC.goal, PUBLIC.sensitive_goal) == (5, "not_exact", "full_range")


def test_the_sensitive_kpis_are_flagged_in_the_registry() -> None:
    flagged = {kpi_id for kpi_id, kpi in load_registry().items() if kpi.is_sensitive}
    areas = {load_registry()[kpi_id].area for kpi_id in flagged}
    assert {"missing_children_count", "adopt_count", "cla_uasc_count", "cl_uasc_pct"} <= flagged
    assert {"Children Missing", "Adoption"} <= areas
    assert "referrals_count" not in flagged


def test_every_word_of_the_policy_changes_its_hash() -> None:
    hashes = {
        PUBLIC.policy_hash,
        replace(PUBLIC, threshold=6).policy_hash,
        replace(PUBLIC, reason="").policy_hash,
        replace(PUBLIC, approvals=(APPROVAL,)).policy_hash,
    }
    assert len(hashes) == 4


def test_an_approved_list_is_in_force() -> None:
    policy = audience_policy(COMMITTEE, [APPROVAL], load_registry())
    assert policy.approved_kpis == {"cla_stock"}
    assert policy.note == ""


def test_without_an_approved_list_the_public_s_policy_is_in_force_and_says_so() -> None:
    policy = audience_policy(COMMITTEE, [], load_registry(), fallback=PUBLIC)
    assert (policy.name, policy.threshold, policy.approved_kpis) == ("committee", 5, frozenset())
    assert policy.breakdowns == PUBLIC.breakdowns
    assert policy.note == "No approved list: what committee is shown is what members_public is shown."


def test_the_public_has_no_approved_list() -> None:
    assert audience_policy(PUBLIC, [APPROVAL], load_registry()).approved_kpis == frozenset()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"kpi": "no_such_kpi"}, "names no_such_kpi, which is no KPI"),
        ({"approved_by": " "}, "The approval of cla_stock does not give who approved it; add it."),
        ({"approved_on": None}, "does not give the day it was approved"),
        ({"reason": ""}, "does not give the reason"),
    ],
)
def test_an_approval_that_is_not_whole_is_one_sentence(change: dict, words: str) -> None:
    with pytest.raises(DisclosureError, match=words):
        check_approvals([replace(APPROVAL, **change)], load_registry())


def test_a_kpi_approved_twice_is_one_sentence() -> None:
    with pytest.raises(DisclosureError, match="names cla_stock twice"):
        audience_policy(COMMITTEE, [APPROVAL, APPROVAL], load_registry())


def test_a_threshold_below_the_last_release_s_is_one_sentence() -> None:
    with pytest.raises(
        DisclosureError, match="threshold of members_public is 5 and the last release's was 7"
    ):
        audience_policy(PUBLIC, [], load_registry(), LastRelease(7))
    assert audience_policy(PUBLIC, [], load_registry(), LastRelease(5)) == PUBLIC


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ({"tresholds": {}}, "has an unknown entry tresholds"),
        ({"audience": {"press": {"treshold": 5}}}, "Audience press of the disclosure policy has an unknown"),
        ({"audience": {"press": {}}}, "Audience press of the disclosure policy has no threshold"),
        ({"audience": {"press": {"threshold": -1}}}, "has no threshold"),
        ({"audience": {"press": {"threshold": "5"}}}, "threshold must be of type int"),
        ({"audience": {"press": {"threshold": 5, "goal": "safe"}}}, "goal must be one of 'not_exact'"),
    ],
)
def test_a_wrong_policy_is_one_sentence(document: dict, words: str) -> None:
    with pytest.raises(DisclosureError, match=words):
        read_policy(document)
