"""`docs/data_dictionary.md` says what the contracts say."""

from pathlib import Path

from cf_pipeline.outputs.docs_pages.data_dictionary import data_dictionary_page
from cf_pipeline.warehouse.tables.schemas import PUBLISHED

PAGE = Path(__file__).resolve().parents[4] / "docs" / "data_dictionary.md"


def test_the_page_is_made_from_the_contracts_of_today() -> None:
    assert PAGE.read_text(encoding="utf-8") == data_dictionary_page(), (
        "run python -m cf_pipeline.outputs.docs_pages.data_dictionary > docs/data_dictionary.md"
    )


def test_every_column_of_a_table_has_a_line() -> None:
    page = data_dictionary_page()
    for contract in PUBLISHED.contracts.values():
        section = page.split(f'<a id="published_v1-{contract.name}"></a>')[1].split("<a id=")[0]
        assert section.count("\n| `") == len(contract.columns)
