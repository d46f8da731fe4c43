"""A good workbook, mutated: what means the same gives the same figures, what does not is told.

200 mutants here, 2,000 under `make test-long`. A mutant is named by its mutations and a number that fixes
their random choices, so a failure can be run again.
"""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.fuzz.good_workbook import AS_AT, as_bytes, good_book
from tests.fuzz.harmful_mutations import DAMAGE, HARMFUL
from tests.fuzz.harmless_mutations import HARMLESS
from tests.fuzz.outcome import Outcome, figures, outcome, same_figures

OTHER_SHEETS = {"Cover": [["Return of a synthetic council"]], "Notes": [["Code", "Meaning"], ["1", "One"]]}


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("good")


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the mutants are written; one name for all, because refusals name the file."""
    return tmp_path_factory.mktemp("mutants") / f"Annex A {AS_AT}.xlsx"


@pytest.fixture(scope="session")
def good(sample: Path, place: Path) -> Outcome:
    place.write_bytes(as_bytes(good_book(sample)))
    found = outcome(place)
    assert found.refusals == ()
    assert figures(found)["numerator"].gt(0).any()
    return found


def mutants(count: int) -> settings:
    """The settings of a test of so many mutants, the same in every run."""
    return settings(
        max_examples=count,
        derandomize=True,
        deadline=None,
        database=None,
        phases=[Phase.generate],  # a number does not shrink: the mutations name what went wrong
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    )


numbers = st.integers(0, 2**32)
respelt = st.lists(st.sampled_from(list(HARMLESS)), min_size=1, max_size=4, unique=True)
spoilt = st.lists(st.sampled_from(list(HARMFUL)), min_size=1, max_size=2, unique=True)


def written(place: Path, sample: Path, names: list[str], number: int, damage: str = "") -> Path:
    """The mutant in its place."""
    chance, book = random.Random(number), good_book(sample)
    for name, mutate in (HARMFUL | HARMLESS).items():  # always in this order: see HARMLESS
        if name in names:
            mutate(book, chance)
    content = as_bytes(book, OTHER_SHEETS if number % 2 else None)
    place.write_bytes(DAMAGE[damage](content, chance) if damage else content)
    return place


def must_be_the_same(mutant: Outcome, good: Outcome) -> None:
    assert mutant.refusals == ()
    assert same_figures(mutant, good)


def must_not_be_silent(mutant: Outcome, good: Outcome) -> None:
    assert len(mutant.refusals) == len(set(mutant.refusals))
    assert mutant.says_more_than(good) or same_figures(mutant, good)


@pytest.mark.slow
@mutants(100)
@given(names=respelt, number=numbers)
def test_a_workbook_written_another_way_gives_the_same_figures(
    names: list[str], number: int, sample: Path, place: Path, good: Outcome
) -> None:
    must_be_the_same(outcome(written(place, sample, names, number)), good)


@pytest.mark.slow
@mutants(60)
@given(names=spoilt, also=st.lists(st.sampled_from(list(HARMLESS)), max_size=1), number=numbers)
def test_a_workbook_that_lost_something_says_so(
    names: list[str], also: list[str], number: int, sample: Path, place: Path, good: Outcome
) -> None:
    must_not_be_silent(outcome(written(place, sample, names + also, number)), good)


@pytest.mark.slow
@mutants(40)
@given(damage=st.sampled_from(list(DAMAGE)), number=numbers)
def test_a_damaged_file_is_refused_or_reads_the_same(
    damage: str, number: int, sample: Path, place: Path, good: Outcome
) -> None:
    must_not_be_silent(outcome(written(place, sample, [], number, damage)), good)


@pytest.mark.long
@mutants(1000)
@given(names=respelt, number=numbers)
def test_a_thousand_workbooks_written_another_way(
    names: list[str], number: int, sample: Path, place: Path, good: Outcome
) -> None:
    must_be_the_same(outcome(written(place, sample, names, number)), good)


@pytest.mark.long
@mutants(600)
@given(names=spoilt, also=st.lists(st.sampled_from(list(HARMLESS)), max_size=2, unique=True), number=numbers)
def test_six_hundred_workbooks_that_lost_something(
    names: list[str], also: list[str], number: int, sample: Path, place: Path, good: Outcome
) -> None:
    must_not_be_silent(outcome(written(place, sample, names + also, number)), good)


@pytest.mark.long
@mutants(400)
@given(damage=st.sampled_from(list(DAMAGE)), number=numbers)
def test_four_hundred_damaged_files(
    damage: str, number: int, sample: Path, place: Path, good: Outcome
) -> None:
    must_not_be_silent(outcome(written(place, sample, [], number, damage)), good)


@pytest.mark.parametrize("name", list(HARMLESS | HARMFUL))
def test_every_mutation_changes_the_workbook(name: str, sample: Path) -> None:
    book = good_book(sample)
    (HARMFUL | HARMLESS)[name](book, random.Random(1))
    assert book != good_book(sample)


def test_a_silent_change_would_be_noticed(sample: Path, place: Path, good: Outcome) -> None:
    book = good_book(sample)
    contacts = next(table for table in book if table.contract.name == "contacts")
    del contacts.rows[::2]
    place.write_bytes(as_bytes(book))
    with pytest.raises(AssertionError):
        must_not_be_silent(outcome(place), good)
