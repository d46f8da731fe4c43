"""The words of the lists and events are of those that there are, with the codes of their columns."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.dashboard.pages.records.rows.labels import LISTS, code_text, event_text, read_data
from cf_pipeline.dashboard.pages.records.rows.list_words import list_words, words_of

DECLARED = Path(__file__).parents[6] / "cf_pipeline" / "worklists" / "data"
ISSUES = "data_errors"
"""The one list that no record of worklists.toml declares: it is made of the issues."""


def declared(name: str, key: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tomllib.loads((DECLARED / f"{name}.toml").read_text())[key]
    return found


def code_sets(column: str) -> set[str]:
    """The sets of codes of the columns of that name."""
    return {
        each.code_set
        for contract in list_contracts().values()
        for each in contract.columns
        if each.name == column.rpartition(".")[2] and each.code_set
    }


def test_every_list_has_words_of_its_own_and_no_others_have() -> None:
    assert set(list_words()) == {each["name"] for each in declared("worklists", "worklist")} | {ISSUES}


@pytest.mark.parametrize("entry", declared("worklists", "worklist"), ids=lambda entry: str(entry["name"]))
def test_the_columns_of_a_list_have_names_and_its_category_the_codes_of_its_column(
    entry: dict[str, Any],
) -> None:
    words = words_of(entry["name"])
    for column in ("start", "last", "category", "number"):
        assert bool(getattr(words, column)) == (column in entry), column
    assert bool(words.counted) == ("counted_by" in entry)
    column = entry.get("category", "")
    assert words.codes == (LISTS if column == "child_status" else next(iter(code_sets(column)), None))


def test_the_codes_of_events_are_those_of_their_columns() -> None:
    found = {
        each["name"]: next(iter(code_sets(each["category"])), "missing_episode_type")
        for each in declared("events", "event")
        if "category" in each
        and (code_sets(each["category"]) or each["category"] == "missing_type_or_missing")
    }
    assert read_data("events") == found


def test_a_code_without_a_label_and_a_text_are_shown_as_they_are() -> None:
    assert code_text("1A", "contact_referral_source") != "1A"
    assert code_text("other words", "contact_referral_source") == "other words"
    assert code_text("children_in_care", LISTS) == "Children in care"
    assert (code_text(None, LISTS), code_text("x", None), event_text("early help ended", "x")) == (
        "",
        "x",
        "x",
    )


def test_a_list_without_words_is_shown_with_those_of_every_list() -> None:
    words = words_of("a list of next year")
    assert (words.title, words.group, words.start) == ("", "Other lists", "Since")
