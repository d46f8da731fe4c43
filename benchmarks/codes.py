"""How well spellings become codes, measured on spellings that councils really wrote.

    python -m benchmarks.codes

prints, for each code set, what the rules reach alone (no alias table, no key words) beside the floor measured
for such rules, and then what an alias table adds: it is made from a random half of the spellings (the seed is
printed) and scored on the other half. Last, the speed: CPU seconds for 10,000 distinct spellings.

Agreement is on the code; `group` counts a code of the right group as right, which is what the floors count.
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
    """Shares of spellings, in percent; `grouped` and `wrong` are by group, as the floors are."""

    spellings: int
    agree: float
    grouped: float
    wrong: float
    unmatched: float


@dataclass(frozen=True)
class Floor:
    """What was measured for rules without key words: agreement and wrong in percent, by group."""

    agree: float
    wrong: float
    unseen_authority: float | None


def variants() -> dict[str, list[Variant]]:
    """Code set -> its spellings, each with its code."""
    found: dict[str, list[Variant]] = {}
    for row in _rows("code_variants.csv"):
        found.setdefault(row["code_set"], []).append((row["variant"], row["code"]))
    return found


def floors() -> dict[str, Floor]:
    """Code set -> what was measured for it."""
    return {
        row["code_set"]: Floor(
            float(row["agree_pct"]),
            100 * int(row["wrong_count"]) / int(row["spellings"]),
            float(row["unseen_authority_pct"]) if row["unseen_authority_pct"] else None,
        )
        for row in _rows("code_floors.csv")
    }


def score(matcher: CodeMatcher, spellings: Iterable[Variant]) -> Score:
    """What a matcher makes of spellings whose codes are known."""
    groups = {code.code: code.group or code.code for code in codes_of(matcher.code_set)}
    results = [(matcher.match(text).code, code) for text, code in spellings]
    share = 100 / max(len(results), 1)
    grouped = sum(found is not None and groups[found] == groups[code] for found, code in results)
    unmatched = sum(found is None for found, _ in results)
    return Score(
        len(results),
        share * sum(found == code for found, code in results),
        share * grouped,
        share * (len(results) - grouped - unmatched),
        share * unmatched,
    )


def held_out(code_set: str, spellings: list[Variant], seed: int = SEED) -> tuple[Score, Score]:
    """The other half's score by the rules alone, and with aliases made from the first half."""
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
    return score(rules_only_matcher(code_set), unseen), score(with_aliases, unseen)


def seconds_for(code_set: str, spellings: int) -> float:
    """CPU seconds to match this many distinct spellings, none of them seen before."""
    known = [text for text, _ in variants()[code_set]]
    texts = [f"{known[number % len(known)]} ({number})" for number in range(spellings)]
    start = time.process_time()
    for text in texts:
        match_code(code_set, text)
    return time.process_time() - start


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def _overall(scores: list[Score]) -> Score:
    total = sum(one.spellings for one in scores)
    means = [
        sum(one.spellings * getattr(one, name) for one in scores) / total
        for name in ("agree", "grouped", "wrong", "unmatched")
    ]
    return Score(total, *means)


def main() -> None:
    """Prints the two tables and the speed."""
    measured, alone, before, after = floors(), [], [], []
    print("Rules alone, no alias table, no key words (percent of spellings)")
    print(
        f"{'code set':28}{'n':>5}{'code':>7}{'group':>7}{'floor':>7}{'unseen':>8}{'wrong':>7}{'at most':>9}"
    )
    for code_set, spellings in variants().items():
        alone.append(score(rules_only_matcher(code_set), spellings))
        floor, one = measured[code_set], alone[-1]
        unseen = "" if floor.unseen_authority is None else f"{floor.unseen_authority:.0f}"
        print(
            f"{code_set:28}{one.spellings:5}{one.agree:7.1f}{one.grouped:7.1f}{floor.agree:7.0f}{unseen:>8}"
            f"{one.wrong:7.1f}{floor.wrong:9.1f}"
        )
    total = _overall(alone)
    print(f"{'all':28}{total.spellings:5}{total.agree:7.1f}{total.grouped:7.1f}{'':15}{total.wrong:7.1f}")
    print(f"\nAliases from a random half (seed {SEED}), scored on the other half")
    print(f"{'code set':28}{'n':>5}{'rules':>7}{'wrong':>7}{'+ aliases':>11}{'wrong':>7}{'unmatched':>11}")
    for code_set, spellings in variants().items():
        rules, aliased = held_out(code_set, spellings)
        before.append(rules)
        after.append(aliased)
        print(_held_out_line(code_set, rules, aliased))
    print(_held_out_line("all", _overall(before), _overall(after)))
    seconds = seconds_for("contact_referral_source", 10_000)
    print(f"\n10,000 distinct spellings of contact source: {seconds:.2f} s CPU")


def _held_out_line(name: str, rules: Score, aliased: Score) -> str:
    return (
        f"{name:28}{rules.spellings:5}{rules.grouped:7.1f}{rules.wrong:7.1f}{aliased.grouped:11.1f}"
        f"{aliased.wrong:7.1f}{aliased.unmatched:11.1f}"
    )


if __name__ == "__main__":
    main()
