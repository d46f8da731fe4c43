"""The data dictionary in HTML and Markdown: every table and column in words, each with a link."""

from __future__ import annotations

import re

from cf_pipeline.contracts.tables import TableColumn, TableContract
from cf_pipeline.contracts.tables.schema_contract import SchemaContract
from cf_pipeline.outputs.data_dictionary.entries import SCHEMA_WORDS, TYPE_WORDS
from cf_pipeline.outputs.data_dictionary.html import render_html
from cf_pipeline.outputs.data_dictionary.markdown import render_markdown
from cf_pipeline.warehouse.tables.schemas import RELEASES
from cf_pipeline.warehouse.tables.view_contracts import schema_contracts

SCHEMAS = schema_contracts()
PAGE = render_html(SCHEMAS)


def test_every_table_view_and_column_is_there_with_a_caption():
    for schema in SCHEMAS:
        assert SCHEMA_WORDS[schema.name] in PAGE
        for contract in schema.own_contracts:
            kind = "table" if contract in schema.tables else "view"
            assert f'<div class="entry" id="{schema.name}-{contract.name}"' in PAGE
            assert f"<caption>Columns of the {kind} {contract.name}</caption>" in PAGE
    columns = sum(len(contract.columns) for schema in SCHEMAS for contract in schema.own_contracts)
    assert PAGE.count('<th scope="row">') == columns


def test_every_link_leads_to_a_place_on_the_page():
    places = set(re.findall(r' id="([^"]+)"', PAGE))
    links = set(re.findall(r'href="([^"]+)"', PAGE))
    assert {
        f"#{schema.place_of(contract.name)}" for schema in SCHEMAS for contract in schema.contracts
    } <= links
    assert {link.removeprefix("#") for link in links} <= places
    assert len(re.findall(r' id="([^"]+)"', PAGE)) == len(places)


def test_it_is_a_page_with_a_language_headings_and_nothing_from_elsewhere():
    assert PAGE.startswith('<!DOCTYPE html>\n<html lang="en-GB">')
    assert re.findall(r"<h1>(.*?)</h1>", PAGE) == ["Data dictionary"]
    assert "http" not in PAGE.replace("http-equiv", "")
    assert "<script" not in PAGE


def test_what_is_released_is_described_once():
    for name in ("committee_v1", "public_v1"):
        schema = next(each for each in SCHEMAS if each.name == name)
        assert {contract.name for contract in schema.own_contracts} == set(RELEASES)
        assert schema.place_of("fact_kpi_quarterly") == "published_v1-fact_kpi_quarterly"
        assert 'href="#published_v1-fact_kpi_quarterly"' in PAGE.split(f'<h2><a href="#{name}">')[1]


def test_words_of_a_contract_are_text_and_no_tag():
    column = TableColumn("a", "string", "below <1 | & 'b'", references="x")
    schema = SchemaContract("restricted", [TableContract("restricted", "x", "X <i>", (column,))], [])
    assert "below &lt;1 | &amp; &#39;b&#39;" in render_html([schema])
    page = render_markdown("# Title\n", [schema])
    assert "| `a` | text |  | below &lt;1 \\| &amp; 'b'; see [x](#restricted-x) |" in page
    assert "Views" not in page


def test_every_type_has_a_word():
    assert {column.type for schema in SCHEMAS for each in schema.contracts for column in each.columns} <= set(
        TYPE_WORDS
    )
