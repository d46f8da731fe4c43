"""How many wordings get the right code: those that councils wrote, and others that no table holds."""

import csv
from pathlib import Path

import pytest

from benchmarks.codes import SEED, measure_seconds, read_floors, read_variants, score_held_out, score_matcher
from cf_pipeline.clean.codes.match import match_code, rules_only_matcher

VARIANTS = read_variants()
FLOORS = read_floors()
UNSEEN = Path(__file__).parent / "unseen_spellings.csv"


@pytest.mark.mess(48)
@pytest.mark.parametrize("code_set", VARIANTS)
def test_rules_alone_reach_what_was_measured_and_send_no_more_astray(code_set):
    alone, floor = score_matcher(rules_only_matcher(code_set), VARIANTS[code_set]), FLOORS[code_set]
    assert alone.right_group >= max(floor.agree, floor.unseen_authority or 0)
    assert alone.wrong <= floor.wrong


@pytest.mark.parametrize("code_set", VARIANTS)
def test_aliases_from_one_half_help_the_other_half_or_do_no_harm(code_set):
    rules, aliased = score_held_out(code_set, VARIANTS[code_set], SEED)
    assert aliased.right_group >= rules.right_group
    assert aliased.wrong <= max(rules.wrong, FLOORS[code_set].wrong)


def unseen():
    with UNSEEN.open(encoding="utf-8") as lines:
        return [(row["code_set"], row["spelling"], row["code"] or None) for row in csv.DictReader(lines)]


def test_no_unseen_spelling_is_one_of_the_variants():
    known = {(code_set, text.casefold()) for code_set, texts in VARIANTS.items() for text, _ in texts}
    assert not known & {(code_set, text.casefold()) for code_set, text, _ in unseen()}
    assert len(unseen()) >= 400


@pytest.mark.mess(48)
@pytest.mark.parametrize(
    ("match", "right", "wrong"),
    [
        pytest.param(
            lambda code_set, text: rules_only_matcher(code_set).match(text), 0.92, 0.02, id="rules alone"
        ),
        pytest.param(match_code, 0.98, 0.01, id="as shipped"),
    ],
)
def test_unseen_spellings_come_out_right_and_hardly_ever_wrong(match, right, wrong):
    results = [(match(code_set, text).code, code) for code_set, text, code in unseen()]
    assert sum(found == code for found, code in results) >= right * len(results)
    assert sum(found not in (None, code) for found, code in results) <= wrong * len(results)


def test_ten_thousand_distinct_spellings_take_seconds_not_minutes():
    assert measure_seconds("contact_referral_source", 10_000) < 20  # about 2 on one quiet core
