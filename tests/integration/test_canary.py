"""No cell's value is in any log, event, exception or console line, after good, bad and crashing runs."""

from __future__ import annotations

import base64
import gzip
from pathlib import Path

import pandas as pd
import pytest

from cf_pipeline import clean
from cf_pipeline.cli.main import main
from cf_pipeline.ingest.files import read_file
from tests.integration.canary import CANARIES, canaries_in, canaries_said
from tests.support.small_deliveries import HEADERS, deliver, deliver_damaged


def deliver_canaries(project: Path, headers: str = HEADERS) -> Path:
    """A contacts file with a canary in every kind of cell, beside three plain rows."""
    file = deliver(project / "raw", "hackney")
    more = "Child Name,Notes,Postcode\n"
    plain = [line + ",,," for line in file.read_text().splitlines()[1:]]
    known = f"{CANARIES['id']},M,WBRI,{CANARIES['birth date']},8,2019-12-01,{CANARIES['unmatched code']}"
    row = f"{known},{CANARIES['name']},{CANARIES['free text']},{CANARIES['postcode']}"
    bad_date = row.replace("2019-12-01", CANARIES["unreadable date"])
    file.write_text("\n".join([headers.strip() + "," + more.strip(), *plain, row, bad_date]) + "\n")
    return file


def run(capfd: pytest.CaptureFixture[str]) -> tuple[int, str]:
    status = main(["run"])
    out, err = capfd.readouterr()
    return status, out + err


def assert_silent(project: Path, said: str) -> None:
    assert "Traceback" not in said
    assert canaries_said(said) == []
    assert [path for path in (project / "data" / "dagster").rglob("*") if path.is_file()]
    assert canaries_in(project / "data" / "dagster") == []


def test_a_run_that_loads_the_rows(project: Path, capfd: pytest.CaptureFixture[str]) -> None:
    deliver_canaries(project)
    status, said = run(capfd)
    assert status == 0
    assert_silent(project, said)


@pytest.mark.slow
def test_a_run_with_every_kind_of_bad_input(project: Path, capfd: pytest.CaptureFixture[str]) -> None:
    deliver_canaries(project, HEADERS.replace("Contact Source", "Source unknown"))
    deliver_damaged(project / "raw", "camden", "2019-12-31")
    no_list = project / "raw" / "hackney" / "2019-12-31" / "notes.csv"
    no_list.write_text(f"Name,Note\n{CANARIES['name']},{CANARIES['free text']}\n")
    no_date = project / "raw" / "lambeth" / "contacts.csv"
    no_date.parent.mkdir()
    no_date.write_text(HEADERS + f"{CANARIES['id']},M,WBRI,{CANARIES['birth date']},8,2019-12-01,1A\n")
    bad_mapping = project / "raw" / "islington" / "mapping.toml"
    deliver(project / "raw", "islington")
    # an unknown key is named, as in any settings file; what stands beside it is not
    bad_mapping.write_text(f'colour = "{CANARIES["name"]}"\n[codes.no_such_set]\n')
    status, said = run(capfd)
    assert status in (1, 2)
    assert "camden/2019-12-31/annex_a.xlsx" in said
    assert_silent(project, said)


@pytest.mark.slow
def test_a_failure_deep_inside_that_quotes_a_row(
    project: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def quoting(contract: object, text: pd.DataFrame, *_: object) -> pd.DataFrame:
        raise ValueError(f"could not convert {text.to_dict('records')} {list(CANARIES.values())}")

    monkeypatch.setattr(clean.lists, "_parse_columns", quoting)
    deliver_canaries(project)
    status, said = run(capfd)
    assert status == 1
    assert "ValueError" in said
    assert_silent(project, said)


@pytest.mark.slow
def test_a_reader_that_is_killed(
    project: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    say = f"print({list(CANARIES.values())}, file=sys.stderr, flush=True)"
    shouting = f"import os, sys; {say}; os.kill(os.getpid(), 9)"
    monkeypatch.setattr(read_file, "PARSER_PROGRAM", shouting)
    deliver_canaries(project)
    status, said = run(capfd)
    assert status in (1, 2)
    assert "hackney/2019-12-31/contacts.csv" in said
    assert_silent(project, said)


@pytest.mark.parametrize("kind", list(CANARIES))
def test_the_search_finds_what_is_planted(kind: str, tmp_path: Path) -> None:
    """In plain text, in a packed log, within base64 at any place, and nowhere else."""
    value = CANARIES[kind].encode()
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "clean.err").write_bytes(b"no fault here")
    assert canaries_in(tmp_path) == []
    planted = {
        "logs/plain.err": b"x" * 5 + value + b"\n",
        "packed.gz": gzip.compress(b"event " + value),
        **{f"encoded{n}": base64.b64encode(b"y" * n + value + b"rest of the line") for n in range(3)},
    }
    for name, content in planted.items():
        (tmp_path / name).write_bytes(content)
    assert set(canaries_in(tmp_path)) == {f"{kind} in {name}" for name in planted}


@pytest.mark.slow
def test_a_canary_in_the_dagster_home_fails_the_check(
    project: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    deliver_canaries(project)
    _, said = run(capfd)
    (project / "data" / "dagster" / "planted.log").write_text(f"row of {CANARIES['id']}")
    with pytest.raises(AssertionError):
        assert_silent(project, said)
