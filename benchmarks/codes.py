"""Measures how accurately spellings are matched to codes, on spellings that councils wrote.

    .venv/bin/python -m benchmarks.codes

The command prints, for each code set, the accuracy of the rules without alias table and key words, and the
floor measured for such rules. It then prints what an alias table adds: one is made from a random half of the
spellings (the seed is printed) and scored on the other half. Last come the CPU seconds for 10,000 distinct
spellings.

Agreement is on the code; `group` counts a code of the right group as right, as the floors do.

Bars: for each code set the share in the right group is at least the floor, and the share of wrong codes at
most the floor's; `tests/unit/clean/codes/test_match_scores.py` tests them. Results: docs/codes.md.
"""

from __future__ import annotations

import csv
import random
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from cf_pipeline.clean.codes.match import CodeMatcher, match_code, rules_only_matcher
from cf_pipeline.contracts.codes import codes_of

DATA = Path(__file__).parent / "data"
SEED = 20260331
Variant = tuple[str, str]
"""A spelling and the code it stands for."""


@dataclass(frozen=True)
class Score:
    """Percentages of spellings; `right_group` and `wrong` are by group, as the floors are."""

    spellings: int
    agree: float
    right_group: float
    wrong: float
    unmatched: float


@dataclass(frozen=True)
class Floor:
    """What was measured for rules without key words: agreement and wrong codes in percent, by group."""

    agree: float
    wrong: float
    unseen_authority: float | None


def read_variants() -> dict[str, list[Variant]]:
    """Code set -> its spellings, each with its code."""
    variants: dict[str, list[Variant]] = {}
    for row in _rows("code_variants.csv"):
        variants.setdefault(row["code_set"], []).append((row["variant"], row["code"]))
    return variants


def read_floors() -> dict[str, Floor]:
    """Code set -> its floor."""
    return {
        row["code_set"]: Floor(
            float(row["agree_pct"]),
            100 * int(row["wrong_count"]) / int(row["spellings"]),
            float(row["unseen_authority_pct"]) if row["unseen_authority_pct"] else None,
        )
        for row in _rows("code_floors.csv")
    }


def score_matcher(matcher: CodeMatcher, spellings: Iterable[Variant]) -> Score:
    """The score of a matcher on spellings whose codes are known."""
    groups = {code.code: code.group or code.code for code in codes_of(matcher.code_set)}
    results = [(matcher.match(text).code, code) for text, code in spellings]
    share = 100 / max(len(results), 1)
    right_group = sum(found is not None and groups[found] == groups[code] for found, code in results)
    unmatched = sum(found is None for found, _ in results)
    return Score(
        len(results),
        share * sum(found == code for found, code in results),
        share * right_group,
        share * (len(results) - right_group - unmatched),
        share * unmatched,
    )


def score_held_out(code_set: str, spellings: list[Variant], seed: int = SEED) -> tuple[Score, Score]:
    """The scores of a random half of the spellings: rules only, and with aliases made from the other half."""
    shuffled = spellings.copy()
    random.Random(seed).shuffle(shuffled)  # noqa: S311 - a draw, not a secret
    half = len(shuffled) // 2
    missed = [
        (text, code)
        for text, code in shuffled[:half]
        if rules_only_matcher(code_set).match(text).code != code
    ]
    unseen = shuffled[half:]
    with_aliases = CodeMatcher(code_set, aliases=tuple(missed))
    return score_matcher(rules_only_matcher(code_set), unseen), score_matcher(with_aliases, unseen)


def measure_seconds(code_set: str, spellings: int) -> float:
    """CPU seconds to match so many distinct spellings, each for the first time."""
    known = [text for text, _ in read_variants()[code_set]]
    texts = [f"{known[number % len(known)]} ({number})" for number in range(spellings)]
    start = time.process_time()
    for text in texts:
        match_code(code_set, text)
    return time.process_time() - start


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def _overall(scores: list[Score]) -> Score:
    total = sum(score.spellings for score in scores)
    means = [
        sum(score.spellings * getattr(score, name) for score in scores) / total
        for name in ("agree", "right_group", "wrong", "unmatched")
    ]
    return Score(total, *means)


def main() -> None:
    """Print the two tables and the speed."""
    floors, rules_only, before, after = read_floors(), [], [], []
    print("Rules alone, no alias table, no key words (percent of spellings)")
    print(
        f"{'code set':28}{'n':>5}{'code':>7}{'group':>7}{'floor':>7}{'unseen':>8}{'wrong':>7}{'at most':>9}"
    )
    for code_set, spellings in read_variants().items():
        rules_only.append(score_matcher(rules_only_matcher(code_set), spellings))
        floor, score = floors[code_set], rules_only[-1]
        unseen = "" if floor.unseen_authority is None else f"{floor.unseen_authority:.0f}"
        print(
            f"{code_set:28}{score.spellings:5}{score.agree:7.1f}{score.right_group:7.1f}{floor.agree:7.0f}{unseen:>8}"
            f"{score.wrong:7.1f}{floor.wrong:9.1f}"
        )
    total = _overall(rules_only)
    print(f"{'all':28}{total.spellings:5}{total.agree:7.1f}{total.right_group:7.1f}{'':15}{total.wrong:7.1f}")
    print(f"\nAliases from a random half (seed {SEED}), scored on the other half")
    print(f"{'code set':28}{'n':>5}{'rules':>7}{'wrong':>7}{'+ aliases':>11}{'wrong':>7}{'unmatched':>11}")
    for code_set, spellings in read_variants().items():
        rules, aliased = score_held_out(code_set, spellings)
        before.append(rules)
        after.append(aliased)
        print(_held_out_line(code_set, rules, aliased))
    print(_held_out_line("all", _overall(before), _overall(after)))
    seconds = measure_seconds("contact_referral_source", 10_000)
    print(f"\n10,000 distinct spellings of contact source: {seconds:.2f} s CPU")


def _held_out_line(name: str, rules: Score, aliased: Score) -> str:
    return (
        f"{name:28}{rules.spellings:5}{rules.right_group:7.1f}{rules.wrong:7.1f}{aliased.right_group:11.1f}"
        f"{aliased.wrong:7.1f}{aliased.unmatched:11.1f}"
    )


if __name__ == "__main__":
    main()
