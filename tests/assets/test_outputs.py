"""The files that people are given: what a form's asset hands it, and where it puts the content."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import dagster as dg
import docx
import pandas as pd
import pytest

from assets import outputs
from assets.outputs import OUTPUTS
from cf_pipeline.outputs.forms import FORMS
from cf_pipeline.outputs.output_form import Edition, FormUnavailableError
from cf_pipeline.outputs.report.editions import COMMITTEE
from cf_pipeline.project import lake_layout
from cf_pipeline.project.lake_reader import LakeReader
from cf_pipeline.project.runs.good_run import NOTES
from cf_pipeline.warehouse.tables import schemas
from resources.lake import Lake
from resources.settings import PipelineSettings
from tests.support import publication_example as example

ASSET_OF = dict(zip((form.name for form in FORMS), OUTPUTS, strict=True))


class PublishedExample(dg.ConfigurableResource):  # type: ignore[type-arg]
    """A warehouse that holds the small publication."""

    def read_tables(
        self, where_by_table: Mapping[str, Mapping[str, object]], schema: str
    ) -> dict[str, pd.DataFrame]:
        tables = example.report_tables()
        if schema == COMMITTEE.schema:  # what its policy withholds is not in it
            facts = tables["fact_kpi_quarterly"]
            is_small = facts["numerator"].lt(6)
            tables["fact_kpi_quarterly"] = facts.assign(
                **{name: facts[name].mask(is_small) for name in ("numerator", "denominator", "value")},
                symbol=facts["symbol"].mask(is_small, "c"),
            )
        return {name: tables[name] for name in where_by_table}


def write_files(project: Path, asset: dg.AssetsDefinition, toml: str = "") -> Path:
    """The folder of the authority's files after the asset has written its own, with these settings."""
    (project / "pipeline.toml").write_text(toml, encoding="utf-8")
    settings = PipelineSettings(root=str(project))
    ended = dg.materialize(
        [asset],
        instance=dg.DagsterInstance.ephemeral(),
        resources={"settings": settings, "warehouse": PublishedExample(), "lake": Lake(settings=settings)},
    )
    assert ended.success
    return project / "data/outputs/city-of-london"


@pytest.fixture
def report(project, request) -> str:
    """The committee report of a project with the settings of the test."""
    folder = write_files(project, ASSET_OF["committee_report"], getattr(request, "param", ""))
    return (folder / "committee_report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("report", ["[phrases]\nsimilar_pct = 7.5\nmost_pct = 91\n"], indirect=True)
def test_the_report_states_the_limits_that_the_council_set(report: str) -> None:
    assert "Counts: up to 7.5% apart is “similar”" in report
    assert "“most”: 91% or more" in report


def test_the_report_states_the_default_limits_where_nothing_is_set(report: str) -> None:
    assert "Counts: up to 5% apart is “similar”" in report


def test_an_edition_is_an_entry_that_names_its_schema(project, monkeypatch) -> None:
    committee = replace(schemas.PUBLISHED, name=COMMITTEE.schema)
    monkeypatch.setitem(schemas.FIGURES, COMMITTEE.schema, committee)
    (form,) = (form for form in FORMS if form.name == "committee_report")
    edition = Edition(
        "committee.html", "Committee edition", "the report", "committee", schema=COMMITTEE.schema
    )
    asset = outputs._write_from_publication(replace(form, editions=(*form.editions, edition)))
    folder = write_files(project, asset)
    internal, withheld = (
        (folder / name).read_text(encoding="utf-8") for name in ("committee_report.html", "committee.html")
    )
    assert "Internal edition" in internal and "withheld" not in internal
    assert "Committee edition" in withheld and "Internal edition" not in withheld
    assert "withheld</span>" in withheld
    assert "4 of 4" in internal and "4 of 4" not in withheld


def test_a_file_that_cannot_be_made_is_a_sentence_and_an_earlier_one_is_removed(project) -> None:
    def unavailable(_: object) -> bytes:
        raise FormUnavailableError("The PDF needs Chromium, and this machine has none.")

    (form,) = (form for form in FORMS if form.name == "committee_report_pdf")
    old = project / "data/outputs/city-of-london/committee_report.pdf"
    old.parent.mkdir(parents=True)
    old.write_bytes(b"an earlier quarter")
    write_files(project, outputs._write_from_publication(replace(form, render=unavailable)))
    assert not old.exists()
    reader = LakeReader(PipelineSettings(root=str(project)).load())
    found = reader.read_attributes(lake_layout.output_files(form.name))
    assert found[NOTES] == ["The PDF needs Chromium, and this machine has none."]


def test_the_councils_word_template_is_used_and_a_missing_one_is_a_sentence(project) -> None:
    toml = '[report]\nword_template = "council.docx"\n'
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "Anytown Council"
    document.save(project / "council.docx")
    folder = write_files(project, ASSET_OF["committee_report_docx"], toml)
    written = docx.Document(folder / "committee_report.docx")
    assert written.sections[0].header.paragraphs[0].text == "Anytown Council"
    (project / "council.docx").unlink()
    write_files(project, ASSET_OF["committee_report_docx"], toml)
    assert not (folder / "committee_report.docx").exists()
