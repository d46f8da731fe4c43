"""Everything that is held on one child is in one private file, and nothing of another child."""

import json
from pathlib import Path

import pytest

from cf_pipeline.cli.main import main
from cf_pipeline.operations.audit import read_actions
from tests.support.small_deliveries import deliver


@pytest.mark.slow
def test_every_store_that_holds_the_child_is_named_and_nothing_of_another_child(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    deliver(project / "raw", "hackney")
    assert main(["run"]) == 0
    assert main(["subject-access", "hackney", "h1", "--out", "child.json"]) == 0
    stores = json.loads((project / "child.json").read_text())["stores"]
    assert (project / "child.json").stat().st_mode & 0o077 == 0
    assert {
        "delivered files: contacts",
        "lake: clean/contacts",
        "lake: core/contacts",
        "lake: core/person",
        "lake: kpi/members",
        "warehouse: restricted.kpi_member",
        "warehouse: restricted.person",
    } <= set(stores)
    (row,) = stores["delivered files: contacts"]
    assert (row["file"], row["excel_row"], row["date_of_birth"]) == ("contacts.csv", 2, "2010-05-01")
    text = (project / "child.json").read_text()
    assert "2012-03-05" not in text
    assert "2008-12-31" not in text
    entry = list(read_actions(project / "data"))[-1]
    assert (entry.action, entry.subject) == ("subject access", "hackney")
    assert entry.counts["stores"] == len(stores)
    capsys.readouterr()
    assert main(["subject-access", "hackney", "h9", "--out", "nobody.json"]) == 1
    assert "nothing is held on that child" in capsys.readouterr().err
    assert not (project / "nobody.json").exists()
