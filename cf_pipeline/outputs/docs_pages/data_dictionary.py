"""`docs/data_dictionary.md`: every table, view and column of the warehouse, made from the contracts.

`python -m cf_pipeline.outputs.docs_pages.data_dictionary > docs/data_dictionary.md` writes the page anew. A
test compares it with the contracts.
"""

from __future__ import annotations

from cf_pipeline.outputs.data_dictionary.markdown import render_markdown
from cf_pipeline.warehouse.tables.view_contracts import schema_contracts

INTRODUCTION = """# Data dictionary

Every table, view and column of the warehouse. This page is made from the contracts:
`python -m cf_pipeline.outputs.docs_pages.data_dictionary > docs/data_dictionary.md`.
A run writes the same as `data/outputs/data_dictionary.html`. In PostgreSQL and DuckDB each table and column
has these words as its comment.

A key is what is unique in a table. In a view nothing is marked as required. Where a column holds the key of
another table, its words say of which.
"""


def data_dictionary_page() -> str:
    """The page as Markdown."""
    return render_markdown(INTRODUCTION, schema_contracts())


if __name__ == "__main__":
    print(data_dictionary_page(), end="")
