"""`check` of a folder names what a run of it would refuse: names, links, devices, what cannot be opened."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cf_pipeline.cli.main import main
from tests.support.odd_folders import (
    A_LINK_OR_DEVICE,
    CANNOT_BE_OPENED,
    CANNOT_BE_SEEN,
    CLOSED,
    close_folders,
    deliver_odd_folders,
)

LINK = "it is a link, not a folder; put the folder itself there"
REFUSED = {
    r"raw/camden/2020-03-31/na\udcefve.csv": CANNOT_BE_SEEN,
    "raw/closed": CANNOT_BE_OPENED,
    "raw/islington/2020-03-31/pipe.csv": A_LINK_OR_DEVICE,
    "raw/islington/2020-03-31/socket": A_LINK_OR_DEVICE,
    "raw/islington/2020-06-30": A_LINK_OR_DEVICE,
    "raw/lambeth/2020-03-31/closed": CANNOT_BE_OPENED,
    "raw/southwark": LINK,
}


def test_each_is_refused_by_name_on_the_screen_and_in_json(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    deliver_odd_folders(project / "raw")
    close_folders(monkeypatch)
    assert main(["check", "raw"]) == 2
    said = capsys.readouterr().out.splitlines()
    assert [line for line in said if line.startswith("Refused: ")] == [
        f"Refused: {place}: {reason}" for place, reason in REFUSED.items()
    ]
    assert main(["check", "--json", "raw"]) == 2
    files = json.loads(capsys.readouterr().out)["files"]
    assert [file["refused"] for file in files if file["refused"]] == list(REFUSED.values())
    (project / "exports").symlink_to(project / "raw" / "camden")
    assert main(["check", "exports"]) == 2
    assert "camden/2019-12-31/contacts.csv" in capsys.readouterr().out
    assert main(["check", f"raw/{CLOSED}"]) == 2
    assert capsys.readouterr().out == f"Refused: raw/{CLOSED}: {CANNOT_BE_OPENED}\n"
