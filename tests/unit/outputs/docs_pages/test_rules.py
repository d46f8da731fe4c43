"""docs/rules.md is what the rules say."""

from pathlib import Path

import pytest

from cf_pipeline.clean.rules.catalogue import ALL_RULES
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.history.merge.issues import MERGE_RULES
from cf_pipeline.outputs.docs_pages.rules import SECTIONS, rules_page

PAGE = Path(__file__).parents[4] / "docs" / "rules.md"
EVERY_RULE = (*ALL_RULES, *MERGE_RULES)


def test_the_page_in_the_repository_is_the_page_of_the_rules() -> None:
    assert PAGE.read_text(encoding="utf-8") == rules_page(), (
        "run python -m cf_pipeline.outputs.docs_pages.rules > docs/rules.md"
    )


def test_every_rule_is_on_the_page_once_and_has_a_code_of_its_own() -> None:
    codes = [line.split("`")[1] for line in rules_page().splitlines() if line.startswith("### ")]
    assert sorted(codes) == sorted(rule.code for rule in EVERY_RULE)
    assert len(set(codes)) == len(codes)


@pytest.mark.parametrize("rule", EVERY_RULE, ids=lambda rule: rule.code)
def test_a_rule_says_what_is_wrong_and_what_to_do_about_lists_and_columns_that_exist(rule) -> None:
    assert rule.severity in SECTIONS
    assert rule.message and not rule.message.endswith(".")
    assert rule.suggestion and not rule.suggestion.endswith(".")
    contracts = list_contracts()
    lists = tuple(contracts) if rule.lists is None else rule.lists
    assert lists and set(lists) <= set(contracts)
    known = {column for name in lists for column in contracts[name].column_names}
    assert set(rule.columns) <= known
