"""What cannot be true is held, named, changes nothing published, and counts once accepted."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from cf_pipeline import warehouse
from cf_pipeline.cli.main import main
from cf_pipeline.history.holds.doubt import Acceptance, Doubt
from cf_pipeline.project.acceptances import (
    AcceptancesError,
    find_acceptances,
    read_acceptances,
    record_acceptance,
)
from tests.support.small_deliveries import HEADERS, deliver

HELD = "camden/2019-12-31"
WHO = ["--by", "A. Analyst", "--because", "the team moved to another system"]


def write(project: Path, as_at: str, count: int) -> Path:
    """A contacts file of so many contacts in September 2019."""
    folder = project / "raw" / "camden" / as_at
    folder.mkdir(parents=True, exist_ok=True)
    rows = [f"c{number},M,WBRI,2010-05-01,9,2019-09-02,1A\n" for number in range(count)]
    (folder / "contacts.csv").write_text(HEADERS + "".join(rows))
    return folder / "contacts.csv"


def published(project: Path, table: str) -> pd.DataFrame:
    return warehouse.read_table(f"duckdb:///{project}/data/warehouse/published.duckdb", table)


def figures_hash(project: Path) -> str:
    return str(published(project, "publication")["figures_hash"].iloc[0])


def quarter_two(project: Path) -> float:
    facts = published(project, "fact_kpi_quarterly")
    of = facts["kpi_id"].eq("contacts_count") & facts["quarter_key"].eq("2019/20 Q2")
    return float(facts[of & facts["basis"].eq("quarter") & facts["breakdown"].eq("total")]["value"].iloc[0])


@pytest.mark.slow
def test_a_held_delivery_changes_nothing_published_until_it_is_accepted(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(project, "2019-09-30", 20)
    assert main(["run"]) == 0
    tables = {name: published(project, name) for name in ("fact_kpi_quarterly", "data_quality")}
    capsys.readouterr()

    write(project, "2019-12-31", 10)
    assert main(["run"]) == 2
    said = capsys.readouterr().out
    assert "withdrawn" not in said
    assert f"Refused: {HELD}: Contacts lacks 10 of the 20 records that it should still hold" in said
    for name, before in tables.items():
        after = published(project, name)
        if name == "data_quality":
            said_of_held = after.loc[after["delivery_id"].eq("2019-12-31"), "rule"]
            assert "records_vanished" in set(said_of_held)
            after = after[after["delivery_id"].ne("2019-12-31")].reset_index(drop=True)
        columns = [column for column in before.columns if column != "run_id"]
        pd.testing.assert_frame_equal(after[columns], before[columns])
    delivery = published(project, "delivery").set_index("delivery_id").loc["2019-12-31"]
    assert (delivery["status"], delivery["rows_read"]) == ("held", 0)
    assert str(delivery["reason"]).startswith("Contacts lacks 10 of the 20 records")
    assert main(["run"]) == 2
    assert "Nothing new" in capsys.readouterr().out

    assert main(["accept", HELD, *WHO]) == 0
    assert main(["accept", HELD, *WHO]) == 0
    (decision,) = read_acceptances(project / "data")
    assert (decision.authority, decision.by) == ("camden", "A. Analyst")


@pytest.mark.slow
def test_what_is_accepted_counts_and_stays_published_until_a_doubt_that_grew_is_decided(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(project, "2019-09-30", 20)
    file = write(project, "2019-12-31", 10)
    assert main(["run"]) == 2
    assert main(["accept", HELD, *WHO]) == 0
    assert main(["run"]) == 0
    assert quarter_two(project) == 10
    file.write_text(file.read_text().replace("c9,M", "c99,M"))
    assert main(["run"]) == 0  # 11 are gone where 10 were accepted: not over a tenth more
    assert quarter_two(project) == 10
    told = published(project, "data_quality").query("rule == 'doubt_accepted'")["delivery_id"].tolist()
    assert told == ["2019-12-31"]
    before = figures_hash(project)

    capsys.readouterr()
    file.write_text(file.read_text().replace("c8,M", "c88,M"))
    assert main(["run"]) == 2
    assert figures_hash(project) == before
    said = capsys.readouterr().out
    assert "nothing new could be worked out; its figures of 2019-12-31 stay published" in said
    assert f"Refused: {HELD}: Contacts lacks 12 of the 20 records that it should still hold" in said
    assert main(["accept", f"{HELD}/contacts", *WHO]) == 0
    assert main(["run"]) == 0


@pytest.mark.slow
def test_an_authority_whose_only_delivery_is_held_keeps_its_earlier_figures(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    deliver(project / "raw", "camden")
    deliver(project / "raw", "hackney")
    assert main(["run"]) == 0
    before = figures_hash(project)
    (project / "raw" / "camden" / "2019-12-31").rename(project / "raw" / "camden" / "2019-10-31")
    capsys.readouterr()
    assert main(["run"]) == 2
    said = capsys.readouterr().out
    assert said.count("Refused: camden/2019-10-31: 2 of its 3 dated rows are after the as-at date") == 1
    assert "camden: nothing new could be worked out; its figures of 2019-12-31 stay published" in said
    assert figures_hash(project) == before


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["camden/2019-12-31", *WHO], "camden/2019-12-31 was not held by the last run"),
        (["../secrets", *WHO], "../secrets was not held by the last run"),
        (["camden/2019-12-31", "--by", " ", "--because", "x"], "Say who accepts the delivery"),
        (["camden/2019-12-31", "--by", "x", "--because", ""], "Say who accepts the delivery"),
    ],
)
def test_what_is_not_held_or_not_explained_cannot_be_accepted(
    project: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], sentence: str
) -> None:
    assert main(["accept", *arguments]) == 1
    assert sentence in capsys.readouterr().err
    assert not (project / "data").exists()


def test_a_decision_is_about_one_authoritys_content_and_those_before_it_stay(tmp_path: Path) -> None:
    for authority, content in (("camden", "a"), ("hackney", "b"), ("camden", "c")):
        doubt = Doubt("records_vanished", content, "", 10, "words")
        record_acceptance(tmp_path, Acceptance(authority, "2019-12-31", "who", "why", "when", (doubt,)))
    own = find_acceptances(tmp_path, "camden")
    assert [entry.doubts[0].list for entry in own] == ["a", "c"]
    assert len(read_acceptances(tmp_path)) == 3
    assert (tmp_path / "accepted_deliveries.json").stat().st_mode & 0o077 == 0


def test_an_acceptance_from_before_doubts_were_recorded_is_read(tmp_path: Path) -> None:
    entry = NAMELESS | {"authority": "camden"}
    (tmp_path / "accepted_deliveries.json").write_text(json.dumps([entry]))
    (known,) = read_acceptances(tmp_path)
    assert (known.content_hash, known.doubts) == ("c", ())


NAMELESS = {"authority": 1, "delivery_id": "d", "content_hash": "c", "by": "b", "because": "b", "at": "a"}
SIZELESS = NAMELESS | {
    "authority": "camden",
    "doubts": [{"rule": "r", "list": "l", "column": "", "size": "1", "words": "w"}],
}


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "{}",
        '""',
        "null",
        json.dumps([{"who": "knows"}]),
        "[1]",
        json.dumps([NAMELESS]),
        json.dumps([SIZELESS]),
    ],
)
def test_decisions_that_cannot_be_read_are_not_guessed_and_not_written_over(
    tmp_path: Path, text: str
) -> None:
    file = tmp_path / "accepted_deliveries.json"
    file.write_text(text)
    with pytest.raises(AcceptancesError, match="bring it back from a copy"):
        read_acceptances(tmp_path)
    with pytest.raises(AcceptancesError, match="bring it back from a copy"):
        record_acceptance(tmp_path, Acceptance("camden", "2019-12-31", "a", "who", "why", "when"))
    assert file.read_text() == text
