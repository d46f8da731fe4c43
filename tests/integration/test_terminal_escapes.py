"""What a terminal would obey, or nobody sees, stands nowhere that people look, wherever it was delivered."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from openpyxl import Workbook

from cf_pipeline.cli.main import main
from cf_pipeline.project.settings import load_settings
from tests.integration.canary import canaries_in, canaries_published, canaries_said
from tests.support.small_deliveries import HEADERS, deliver, deliver_damaged

OBEYED = {
    "escape": "\x1b[31mokapi",
    "C1 control": "\x9b2Jokapi",
    "direction": "\u202eokapi",
    "line": "a\rokapi",
}
SHOWN = (r"\x1b[31mokapi", r"\x9b2Jokapi", r"\u202eokapi")


def test_it_is_written_out_on_the_screen_in_dagster_the_report_the_workbook_and_what_is_published(
    project: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    texts = list(OBEYED.values())
    team = f"{OBEYED['escape']} {OBEYED['C1 control']} {OBEYED['direction']}"
    file = deliver(project / "raw", "hackney")
    lines = [f"{HEADERS.strip()},Contact Team,{','.join(texts[:3])}"]
    lines += [f"{number},M,WBRI,2010-05-01,9,2019-11-02,1A,{team},1,2,3" for number in range(12)]
    file.write_bytes("\n".join(lines).encode())
    book = Workbook()
    book.active.title = OBEYED["direction"]
    for row in (HEADERS.replace("Child Unique ID", "Number"), "1,M,WBRI,2010-05-01,9,2019-11-02,1A"):
        book.active.append(row.strip().split(","))
    book.save(file.with_name("other.xlsx"))
    deliver_damaged(project / "raw", "hackney", "2020-03-31").rename(
        project / "raw" / "hackney" / "2020-03-31" / f"{OBEYED['escape']}\r.xlsx"
    )
    deliver(project / "raw", "camden")
    (project / "raw" / "camden" / "mapping.toml").write_text('[headers."\\u001b[31mokapi"]\n')

    assert main(["run"]) == 2
    said = "".join(capfd.readouterr())
    assert r"hackney/2020-03-31/\x1b[31mokapi\r.xlsx: the name of the file" in said
    assert canaries_said(said, OBEYED) == []
    data, url = project / "data", load_settings(project, os.environ).warehouse_url
    restricted = data / "outputs" / "hackney" / "restricted"
    for folder in (data / "dagster", data / "warehouse", data / "outputs", restricted):
        assert canaries_in(folder, OBEYED) == []
    assert canaries_published(url, OBEYED) == []
    shown = {text: text for text in SHOWN}
    found = canaries_published(url, shown), canaries_in(data / "outputs", shown)
    assert [text for text in SHOWN if not any(text in place for place in found[0])] == []
    assert [text for text in SHOWN if f"{text} in hackney/data_quality.xlsx" not in found[1]] == []
