"""The data dictionary as one HTML file without links to other files."""

from __future__ import annotations

from collections.abc import Sequence

import cf_pipeline
from cf_pipeline.contracts.tables.schema_contract import SchemaContract
from cf_pipeline.outputs.data_dictionary.entries import SCHEMA_WORDS, TYPE_WORDS, column_role
from cf_pipeline.outputs.html_template import html_template


def render_html(schemas: Sequence[SchemaContract]) -> str:
    """The page: contents, then a section a schema, in it a table of columns for each table and view."""
    return html_template("data_dictionary.html").render(
        schemas=schemas,
        schema_words=SCHEMA_WORDS,
        type_words=TYPE_WORDS,
        role=column_role,
        product_version=cf_pipeline.__version__,
    )
