"""Another key for child ids: every figure and history stays, and nothing of the old key is left anywhere."""

from __future__ import annotations

import datetime as dt
import os
import shutil
from collections.abc import Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import pytest

from cf_pipeline.cli.main import main
from cf_pipeline.history.erased_people import ErasedPeople
from cf_pipeline.operations.audit import access_log, read_actions, verify_actions
from cf_pipeline.project.privacy.erasures import Erasures, ready_people, write_erasures
from cf_pipeline.warehouse import WarehouseError, read_table, roll_back
from cf_pipeline.warehouse.tables.schemas import RESTRICTED
from tests.conftest import ID_KEY
from tests.support.arrivals import AUTHORITY, CODE, DELIVERIES, write_delivery
from tests.support.key_rotation import Tables, differences, published, sizes_of_histories, stored_pseudonyms
from tests.support.postgresql import drop_schemas
from tests.support.stored_bytes import find_texts, stored_contents

pytestmark = pytest.mark.slow
*EARLIER, LAST = DELIVERIES
ERASED = "E5"
NEW_KEY = "another-key-for-tests-only-of-32-characters-or-more"
REASONS = ["--by", "Data protection officer", "--because", "a laptop was lost"]
NOBODY = "0" * 31 + "1"
"""A pseudonym in the log of accesses of a child that no delivery holds any more."""


@dataclass(frozen=True)
class Council:
    """A project whose key was changed, what it held before, and a twin that keeps the old key.

    With DuckDB the key is in its file. With a server it is in the environment, and the delivered files are
    gone. `variables`: the environment of its commands.
    """

    folder: Path
    url: str
    server: str | None
    variables: dict[str, str]
    old_pseudonyms: set[str]
    old_key: str
    before: Tables
    sizes_before: dict[str, list[int]]
    screen: str

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def twin(self) -> Path:
        return self.folder.with_name("twin")


def deliver_to(raw: Path, name: str) -> None:
    """A delivery of the council, with cases of workers, an adopter, and a child who was erased."""
    lists = {list_name: list(rows) for list_name, rows in DELIVERIES[name].items()}
    lists["contacts"].append({"child_id": ERASED, "contact_date": "02/05/2019"})
    lists["children_in_need"] = [
        {"child_id": child, "cin_start_date": "01/05/2019", "allocated_worker": worker}
        for child, worker in (("A1", "Worker One"), ("B2", "Worker Two"))
    ]
    lists["adopters"] = [{"adopter_id": "P1", "family_id": "F1", "enquiry_date": "01/05/2019"}]
    write_delivery(raw / AUTHORITY / name, lists)


def url_of(folder: Path) -> str:
    return f"duckdb:///{folder}/data/warehouse/published.duckdb"


def key_file(folder: Path, key: str) -> Path:
    """A private file with a key."""
    file = folder / "a.key"
    file.write_text(key)
    file.chmod(0o600)
    return file


def make_council(folder: Path) -> None:
    """Three deliveries, and an erased child."""
    (folder / "pipeline.toml").touch()
    assert main(["init"]) == 0
    people = ready_people(folder / "data", ErasedPeople(CODE)).with_child(ERASED)
    write_erasures(folder / "data", AUTHORITY, Erasures(people))
    for name in EARLIER:
        deliver_to(folder / "raw", name)
    assert main(["run"]) == 0


@pytest.fixture(scope="module", params=["duckdb", "postgresql"])
def council(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Council]:
    folder = tmp_path_factory.mktemp("rotation") / "council"
    folder.mkdir()
    server, url, screen = None, url_of(folder), folder.with_name("screen.txt")
    variables, words = {"CF_JOBS": "1", "CF_WAREHOUSE_URL": url}, ["rotate-key", *REASONS]
    if request.param == "postgresql":
        server = request.getfixturevalue("postgres")
        drop_schemas(server)
        url = server.replace("postgresql://", "postgresql+psycopg://")
        variables |= {"CF_WAREHOUSE_URL": url, "CF_ID_KEY": ID_KEY}
        words += ["--key-file", str(key_file(folder, NEW_KEY))]
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for name in [name for name in os.environ if name.startswith("CF_")]:
            patch.delenv(name)
        for name, value in variables.items():
            patch.setenv(name, value)
        make_council(folder)
        write_accesses(url, folder / "data")
        old_key = ID_KEY if server else (folder / "data/id.key").read_text().strip()
        pseudonyms = stored_pseudonyms(folder / "data/lake")
        assert find_texts(stored_contents(folder / "data", server), pseudonyms)
        before, sizes = published(url), sizes_of_histories(url)
        if server is None:
            shutil.copytree(folder, folder.with_name("twin"))
        else:
            shutil.rmtree(folder / "raw" / AUTHORITY)
        with screen.open("w") as file, redirect_stdout(file):
            assert main(words) == 0
        variables |= {"CF_ID_KEY": NEW_KEY} if server else {}
    yield Council(folder, url, server, variables, pseudonyms, old_key, before, sizes, screen.read_text())


def write_accesses(url: str, data: Path) -> None:
    """What the dashboard writes of two looks at a child, one of whom no delivery holds."""
    people = read_table(url, "person", schema=RESTRICTED)
    ref = people.loc[people["child_id"].eq("A1"), "person_ref"].item()
    for each in (ref, NOBODY):
        entry = {"user": "anna", "path": f"/{AUTHORITY}/child/{each}", "subject": f"child {each}"}
        access_log(data).add(entry, dt.datetime.now(dt.UTC))


@pytest.fixture(autouse=True)
def own_settings(council: Council, monkeypatch: pytest.MonkeyPatch) -> None:
    """The settings of the council's project."""
    monkeypatch.chdir(council.folder)
    for name, value in council.variables.items():
        monkeypatch.setenv(name, value)


def test_every_figure_and_every_history_is_as_before(council: Council) -> None:
    assert differences(council.before, published(council.url)) == []
    assert sizes_of_histories(council.url) == council.sizes_before
    assert sum(council.sizes_before["kpi_member.person_ref"]) > 100


def test_nothing_that_is_stored_holds_a_pseudonym_or_the_key_of_before(council: Council) -> None:
    assert len(council.old_pseudonyms) >= 6  # three children, two workers, an adopter
    old = {*council.old_pseudonyms, council.old_key, NOBODY}
    assert find_texts(stored_contents(council.data, council.server), old) == {}
    assert not stored_pseudonyms(council.data / "lake") & old


def test_no_second_lake_and_no_earlier_version_is_left(council: Council) -> None:
    assert not (council.data / "lake/new_key").exists()
    assert not (council.data / "key_change.json").exists()
    with pytest.raises(WarehouseError, match="no version before"):
        roll_back(council.url)


def test_the_log_of_accesses_names_the_child_by_the_new_pseudonym(council: Council) -> None:
    people = read_table(council.url, "person", schema=RESTRICTED)
    ref = people.loc[people["child_id"].eq("A1"), "person_ref"].item()
    assert access_log(council.data).verify().lines == 2
    known, unknown = access_log(council.data).entries()
    assert (known["subject"], known["path"]) == (f"child {ref}", f"/{AUTHORITY}/child/{ref}")
    assert unknown["subject"] == "child no longer held"


def test_the_audit_log_says_who_and_why_in_counts(council: Council) -> None:
    assert verify_actions(council.data).lines
    (entry,) = [entry for entry in read_actions(council.data) if entry.action == "rotate key"]
    assert (entry.by, entry.because) == ("Data protection officer", "a laptop was lost")
    assert entry.counts == {"authorities": 1, "lines of the log of accesses": 2}


def test_it_says_what_becomes_of_copies_and_backups(council: Council) -> None:
    what = (
        "Set CF_ID_KEY to the new key now" if council.server else f"Keep a copy of {council.data / 'id.key'}"
    )
    assert what in council.screen
    assert "Backups made before hold pseudonyms of the old key" in council.screen
    assert council.old_key not in council.screen


@pytest.mark.parametrize(
    "command",
    [
        ["run"],
        ["publish"],
        ["init"],
        ["explain", "contacts_count", "2019/20 Q1", "--as-at", "2019-06-30"],
        ["erase", AUTHORITY, "A1", *REASONS],
        ["subject-access", AUTHORITY, "A1", "--out", "child.json"],
        ["rotate-key", *REASONS],
    ],
    ids=lambda words: words[0],
)
def test_with_the_old_key_put_back_a_command_stops_with_one_sentence(
    council: Council, command: list[str], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CF_ID_KEY", council.old_key)
    assert main(command) == 1
    (line,) = capfd.readouterr().err.splitlines()
    assert "The key for child ids is not the one with which" in line


def test_another_publication_changes_nothing(council: Council) -> None:
    assert main(["publish"]) == 0
    assert differences(council.before, published(council.url)) == []


def test_a_later_delivery_joins_the_same_histories_and_the_erased_child_stays_erased(
    council: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last test of the module: it changes the council. The twin never changed its key."""
    if council.server is not None:
        pytest.skip("a twin would need a server of its own, and what joins a history is the lake's")
    for folder in (council.folder, council.twin):
        deliver_to(folder / "raw", LAST)
        monkeypatch.chdir(folder)
        monkeypatch.setenv("CF_WAREHOUSE_URL", url_of(folder))
        assert main(["run"]) == 0
    now = published(council.url)
    assert differences(published(url_of(council.twin)), now) == []
    assert sizes_of_histories(council.url) == sizes_of_histories(url_of(council.twin))
    assert not now["change_since"].empty
    assert now["data_quality"].query("rule == 'erased_child' and delivery_id == @LAST")["issues"].sum() == 1
    assert ERASED not in set(now["person"]["child_id"])
