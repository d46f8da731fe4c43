"""A run that finds the results of earlier runs publishes what a run from nothing publishes.

Whatever changed between the two is noticed: files, the council's mapping, an alias, a code, a KPI's record, a
rule, a setting, the product's version. Whatever was kept and is damaged is worked out again.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from _pytest.mark import ParameterSet

from benchmarks.compare_publications import compare_publications
from tests.support.arrivals import AUTHORITY, DELIVERIES, arrive
from tests.support.council_product import Council
from tests.support.small_deliveries import deliver

pytestmark = pytest.mark.slow

RESULTS = Path("lake") / "results"
"""Below a data folder: what is kept of reading, cleaning and following, and can be worked out again."""


SOURCES = {"published_v1.authority_source", "restricted.authority_source"}
"""What rows were made from: hashes of files in the lake, in which the runs are named."""
REVISIONS = {"published_v1.kpi_revision"}
"""What was said before stands there, also where another reading or counting says otherwise now."""


def differing(before: Path, after: Path, unlike: frozenset[str] = frozenset()) -> list[str]:
    """The tables and views that two data folders do not share, without `SOURCES` and those named."""
    compared = compare_publications(before, after)
    return [found.name for found in compared if not found.is_equal and found.name not in SOURCES | unlike]


def product_version(data: Path) -> str:
    with duckdb.connect(str(data / "warehouse" / "published.duckdb"), read_only=True) as connection:
        found = connection.execute("select product_version from published_v1.publication").fetchone()
    assert found is not None
    return str(found[0])


@pytest.fixture(scope="module")
def council(tmp_path_factory: pytest.TempPathFactory) -> Council:
    """Four deliveries of one council, and one of another."""
    made = Council(tmp_path_factory.mktemp("council"))
    arrive(made.raw, list(DELIVERIES))
    deliver(made.raw, "hackney")
    contacts = made.raw / AUTHORITY / "2019-12-31" / "contacts.csv"
    text = contacts.read_text(encoding="utf-8")
    assert ",F," in text
    text = text.replace("Contact Source", "Who Told Us", 1).replace(",F,", ",Femme,")
    contacts.write_text(text, encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def earlier(council: Council, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a good run over them."""
    data = tmp_path_factory.mktemp("earlier") / "data"
    council.run(data)
    return data


@pytest.fixture
def warm(earlier: Path, tmp_path: Path) -> Path:
    """A data folder that holds every result of that run."""
    return Path(shutil.copytree(earlier, tmp_path / "warm"))


def _long(*values: object) -> ParameterSet:
    """A parameter that is tried among the tests that take hours."""
    return pytest.param(*values, marks=pytest.mark.long)


CONTACTS = "cf_pipeline/contracts/lists/contacts.toml"
SOURCE_COLUMN = 'header = "Contact Source"\naliases = ["'


def change_alias(council: Council) -> None:
    council.edit(CONTACTS, SOURCE_COLUMN, f'{SOURCE_COLUMN}Who Told Us", "')


def change_mapping(council: Council) -> None:
    (council.raw / AUTHORITY / "mapping.toml").write_text(
        '[headers.contacts]\n"Who Told Us" = "contact_source"\n', encoding="utf-8"
    )


def change_code_alias(council: Council) -> None:
    file = council.folder / "cf_pipeline/clean/codes/data/code_aliases.csv"
    file.write_text(file.read_text(encoding="utf-8") + "gender,femme,F\n", encoding="utf-8")


def change_condition_of_kpi(council: Council) -> None:
    council.edit(
        "cf_pipeline/kpi/registry/contacts.toml",
        'numerator = { table = "contacts", date = "contact_date" }',
        'numerator = { table = "contacts", date = "contact_date", where = ["gender in (F)"] }',
    )


def change_title_of_kpi(council: Council) -> None:
    council.edit(
        "cf_pipeline/kpi/registry/contacts.toml", '"Contacts received"', '"Contacts that were received"'
    )


def change_setting(council: Council) -> None:
    settings = '[forecast]\nselected_method = "pro_rata"\n'
    (council.folder / "pipeline.toml").write_text(settings, encoding="utf-8")


def change_file(council: Council) -> None:
    """Another content of the same length under the same name, at the same time."""
    file = council.raw / AUTHORITY / "2019-12-31" / "contacts.csv"
    times = file.stat()
    file.write_text(file.read_text(encoding="utf-8").replace("05/08/2019", "05/11/2019"), encoding="utf-8")
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))


def remove_delivery(council: Council) -> None:
    for file in (council.raw / AUTHORITY / "2019-09-30").iterdir():
        file.unlink()


def rename_file(council: Council) -> None:
    file = council.raw / AUTHORITY / "2019-09-30" / "contacts.csv"
    file.rename(file.with_name("front door.csv"))


NAMES_FILES = {"restricted.worklist_item", "restricted.change_since"}
"""Tables that name the file of each row."""
MOVES_NO_FIGURE = "a file's name"
OTHER_READING = {
    "an alias of a header",
    "a line of the council's mapping",
    "an alias of a code",
    "what a KPI counts",
    "the content of a file",
}
CHANGES: dict[str, Callable[[Council], None]] = {
    "an alias of a header": change_alias,
    "a line of the council's mapping": change_mapping,
    "an alias of a code": change_code_alias,
    "what a KPI counts": change_condition_of_kpi,
    "a KPI's title": change_title_of_kpi,
    "the method of forecasts": change_setting,
    "the content of a file": change_file,
    "a delivery that is gone": remove_delivery,
    "a file's name": rename_file,
}


ALIKE = {"a line of the council's mapping", "an alias of a code", "a KPI's title", "a file's name"}
"""Each is of the kind of another change, which the slow tests make."""


@pytest.mark.parametrize("change", [_long(name) if name in ALIKE else name for name in CHANGES])
def test_a_change_is_noticed_and_gives_what_a_run_from_nothing_gives(
    council: Council, earlier: Path, warm: Path, tmp_path: Path, change: str
) -> None:
    with council.unchanged_afterwards():
        CHANGES[change](council)
        council.run(warm)
        council.run(tmp_path / "cold")
    revisions = frozenset(REVISIONS if change in OTHER_READING else ())
    assert differing(warm, tmp_path / "cold", revisions) == []
    moved = set(differing(earlier, warm))
    assert moved <= NAMES_FILES if change == MOVES_NO_FIGURE else moved


def test_another_version_of_the_product_is_noticed(council: Council, warm: Path) -> None:
    with council.unchanged_afterwards():
        council.edit("cf_pipeline/__init__.py", '__version__ = "', '__version__ = "9.')
        council.run(warm)
    assert product_version(warm).startswith("9.")


def cut_in_half(files: list[Path]) -> None:
    for file in files:
        file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def empty(files: list[Path]) -> None:
    for file in files:
        file.write_bytes(b"")


def change_one_byte(files: list[Path]) -> None:
    for file in files:
        content = bytearray(file.read_bytes())
        content[len(content) * 3 // 4] ^= 1
        file.write_bytes(bytes(content))


def exchange(files: list[Path]) -> None:
    """Each under the name of the next: all are whole, and each is another's."""
    contents = [file.read_bytes() for file in files]
    for file, content in zip(files, contents[1:] + contents[:1], strict=True):
        file.write_bytes(content)


def remove(files: list[Path]) -> None:
    for file in files:
        file.unlink()


DAMAGES = (cut_in_half, empty, change_one_byte, exchange, remove)


@pytest.fixture(scope="module")
def one_more(council: Council, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a run from nothing over one more delivery of each council."""
    data = tmp_path_factory.mktemp("one_more") / "data"
    with council.unchanged_afterwards():
        deliver_one_more(council)
        council.run(data)
    return data


def deliver_one_more(council: Council) -> None:
    for authority in (AUTHORITY, "hackney"):
        deliver(council.raw, authority, as_at="2020-03-31", prefix=authority)


@pytest.mark.parametrize("first", [0, *(_long(number) for number in range(1, len(DAMAGES)))])
def test_results_that_are_damaged_are_worked_out_again(
    council: Council, warm: Path, one_more: Path, first: int
) -> None:
    """Each result is damaged in one way, and in another for another `first`."""
    kept = sorted(path for path in (warm / RESULTS).rglob("*") if path.is_file())
    assert len(kept) >= len(DELIVERIES) * len(DAMAGES), "too little is kept: this test would prove nothing"
    for number, damage in enumerate(DAMAGES):
        damage(kept[(number + first) % len(DAMAGES) :: len(DAMAGES)])
    with council.unchanged_afterwards():
        deliver_one_more(council)
        council.run(warm)
    assert differing(warm, one_more) == []


@pytest.mark.parametrize("order", [(1, 3, 0, 2), _long((3, 2, 1, 0))])
def test_deliveries_run_one_by_one_as_they_arrive_give_what_all_give_at_once(
    council: Council, earlier: Path, tmp_path: Path, order: tuple[int, ...]
) -> None:
    names = list(DELIVERIES)
    with council.unchanged_afterwards():
        arrived = {name: shutil.move(council.raw / AUTHORITY / name, tmp_path / name) for name in names}
        for at in order:
            shutil.move(arrived[names[at]], council.raw / AUTHORITY / names[at])
            council.run(tmp_path / "data")
    assert differing(earlier, tmp_path / "data") == []
