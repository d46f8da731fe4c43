"""`docs/kpis.md` says what the registry says."""

from pathlib import Path

from cf_pipeline.kpi.definitions.registry import load_registry
from cf_pipeline.outputs.docs_pages.kpis import KINDS, POLARITIES, kpis_page

PAGE = Path(__file__).resolve().parents[4] / "docs" / "kpis.md"


def test_the_page_is_made_from_the_registry_of_today() -> None:
    assert PAGE.read_text(encoding="utf-8") == kpis_page(), (
        "run python -m cf_pipeline.outputs.docs_pages.kpis > docs/kpis.md"
    )


def test_every_kpi_has_an_entry_with_its_numerator_in_words() -> None:
    entries = kpis_page().split("\n### ")[1:]
    assert [entry.split("`")[1] for entry in entries] == list(load_registry())
    assert all("- Numerator: " in entry for entry in entries)


def test_every_kind_and_polarity_has_its_words() -> None:
    kpis = load_registry().values()
    assert {kpi.kind for kpi in kpis} <= set(KINDS)
    assert {kpi.polarity for kpi in kpis} <= set(POLARITIES)
