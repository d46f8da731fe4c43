"""`cf-pipeline explain`: what stands behind one figure, and plain sentences for what is not there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cf_pipeline.cli.explain import ExplainError, _people
from cf_pipeline.cli.main import main
from cf_pipeline.contracts.authorities import authority
from cf_pipeline.project.settings import load_settings
from tests.support.small_deliveries import deliver

QUARTER = "2019/20 Q3"


def explained(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    status = main(["explain", *arguments])
    out, err = capsys.readouterr()
    assert "Traceback" not in out + err
    return status, out + err


def test_a_figure_is_told_from_its_definition_to_its_rows(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert explained(capsys, "contacts_count", QUARTER) == (
        1,
        "cf-pipeline: Nothing has been published yet: run `cf-pipeline run` first.\n",
    )
    deliver(project / "raw", "hackney", as_at="2019-12-31", rows=2)
    deliver(project / "raw", "hackney", as_at="2020-01-31", rows=3)
    assert main(["run"]) == 0
    capsys.readouterr()

    status, told = explained(capsys, "contacts_count", QUARTER)
    assert status == 0
    assert "Contacts received (contacts_count)" in told
    assert "For the quarter: 3 contacts" in told
    assert "3 in the history" in told
    assert "from 2 to 3 (late entry: 1)" in told
    assert "the deliveries up to 2020-01-31" in told

    status, told = explained(capsys, "contacts_count", QUARTER, "--as-at", "2019-12-31")
    assert status == 0
    assert "For the quarter: 2 contacts" in told
    assert "Not revised since it was first reported." in told

    status, told = explained(capsys, "contacts_by_source", QUARTER)
    assert status == 0
    assert "For the quarter:\n  Individual: family member, relative or carer: 2 of 3 (66.7%)\n" in told
    assert told.endswith("  Counted: 3\n"), "nothing is said of revisions, which distributions do not have"

    status, told = explained(capsys, "contact_count", QUARTER)
    assert (status, told) == (
        1,
        "cf-pipeline: There is no KPI of that name. Did you mean contacts_count?\n",
    )
    for wrong, sentence in {
        ("contacts_count", "Q3 2019"): "Not a quarter",
        ("contacts_count", QUARTER, "--authority", "camden"): "Name one of the published authorities",
        ("contacts_count", QUARTER, "--as-at", "yesterday"): "write it as 2019-12-31",
        ("contacts_count", QUARTER, "--as-at", "2018-12-31"): "had delivered nothing by that date",
        ("contacts_count", "2009/10 Q3"): "its deliveries do not reach that quarter",
    }.items():
        status, told = explained(capsys, *wrong)
        assert status == 1
        assert sentence in told
        assert told.count("\n") == 1


def test_the_rows_behind_a_figure_are_refused_without_the_restricted_store(project: Path) -> None:
    with pytest.raises(ExplainError, match="need the restricted store, which is not there"):
        _people(load_settings(project, os.environ), authority("hackney"))
