"""A wrong rule fails an example: every mutation of every record is tried and the score printed."""

import pytest

from cf_pipeline.kpi.definitions.registry import RegistryError, build_registry
from tests.spec.example_figures import ALL, measure_example
from tests.spec.mutants import mutants, needed, records

REQUIRED_SCORE = 95


def is_noticed(kpi_id: str, registry) -> bool:
    """Whether some example of the KPI no longer gives its figures."""
    for position, example in enumerate(ALL):
        if example.kpi_id == kpi_id and measure_example(position, registry) != dict(example.expect):
            return True
    return False


@pytest.mark.long
def test_changing_a_rule_of_any_record_fails_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    everything = records()
    tried, survivors = 0, []
    for record in everything:
        for label, wrong in mutants(record, everything):
            tried += 1
            try:
                registry = build_registry(needed(wrong, everything))
                noticed = is_noticed(record["id"], registry)
            except (RegistryError, TypeError, AssertionError):
                noticed = True
            if not noticed:
                survivors.append(f"{record['id']}: {label}")
    score = 100 * (tried - len(survivors)) / tried
    with capsys.disabled():
        print(f"\nmutation score: {tried - len(survivors)} of {tried} wrong records noticed ({score:.1f}%)")
        print("\n".join(f"  not noticed: {survivor}" for survivor in survivors))
    assert tried > 150
    assert score >= REQUIRED_SCORE
