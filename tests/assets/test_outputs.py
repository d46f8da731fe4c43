"""The files that people are given: what a form's asset hands it, and where it puts the content."""

from __future__ import annotations

from collections.abc import Mapping

import dagster as dg
import pandas as pd
import pytest

from assets.outputs import OUTPUTS
from cf_pipeline.outputs.forms import FORMS
from resources.lake import Lake
from resources.settings import PipelineSettings
from tests.support import publication_example as example

ASSET_OF = dict(zip((form.name for form in FORMS), OUTPUTS, strict=True))


class PublishedExample(dg.ConfigurableResource):  # type: ignore[type-arg]
    """A warehouse that holds the small publication."""

    def read_tables(self, where_by_table: Mapping[str, Mapping[str, object]]) -> dict[str, pd.DataFrame]:
        tables = example.report_tables()
        return {name: tables[name] for name in where_by_table}


@pytest.fixture
def report(project, request) -> str:
    """The committee report of a project with the settings of the test."""
    (project / "pipeline.toml").write_text(getattr(request, "param", ""), encoding="utf-8")
    settings = PipelineSettings(root=str(project))
    ended = dg.materialize(
        [ASSET_OF["committee_report"]],
        instance=dg.DagsterInstance.ephemeral(),
        resources={"settings": settings, "warehouse": PublishedExample(), "lake": Lake(settings=settings)},
    )
    assert ended.success
    return (project / "data/outputs/city-of-london/committee_report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("report", ["[phrases]\nsimilar_pct = 7.5\nmost_pct = 91\n"], indirect=True)
def test_the_report_states_the_limits_that_the_council_set(report: str) -> None:
    assert "Counts: up to 7.5% apart is “similar”" in report
    assert "“most”: 91% or more" in report


def test_the_report_states_the_default_limits_where_nothing_is_set(report: str) -> None:
    assert "Counts: up to 5% apart is “similar”" in report
