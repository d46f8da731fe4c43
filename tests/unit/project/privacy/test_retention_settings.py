"""How long each list is kept: the defaults, what the page says of them, and what a council sets."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.project.privacy.retention_settings import DEFAULT_YEARS, YEARS_BY_LIST, YEARS_OF_A_LIST
from cf_pipeline.project.settings import SettingsError, load_settings

PAGE = Path(__file__).parents[4] / "docs" / "data_protection.md"


def write(folder: Path, text: str) -> Path:
    (folder / "pipeline.toml").write_text(text)
    return folder


def test_a_council_sets_the_years_of_a_list_and_the_others_stay(tmp_path: Path) -> None:
    retention = load_settings(write(tmp_path, "[retention.lists]\ncontacts = 3\nadopters = 0"), {}).retention
    assert (retention.years_of_list("contacts"), retention.years_of_list("adopters")) == (3, 0)
    assert retention.years_of_list("referrals") == YEARS_OF_A_LIST
    assert retention.years_of_list("care_leavers") == YEARS_BY_LIST["care_leavers"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "[retention.lists]\ncontact = 3",
            "retention.lists.contact: there is no such list; did you mean contacts?",
        ),
        (
            '[retention.lists]\ncontacts = "long"',
            "retention.lists.contacts: 'long' is not a whole number of years",
        ),
        ("[retention.lists]\ncontacts = -1", "is not a whole number of years"),
        ("[retention.lists]\ncontacts = true", "is not a whole number of years"),
        ("[retention]\npapers = 1.5", "retention.papers: 1.5 is not a whole number of years"),
        ("[retention]\nlists = 3", "retention.lists is a table of years by list"),
        ("[retention]\nlist = 3", "unknown setting retention.list"),
    ],
)
def test_a_wrong_number_or_an_unknown_list_stops_everything(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(SettingsError, match=re.escape(sentence)):
        load_settings(write(tmp_path, text), {})


def test_the_page_gives_what_is_kept_beside_the_lists_the_years_that_it_has() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (\d+) \| [a-z]", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert {name: int(years) for name, years in rows} == DEFAULT_YEARS


def test_the_page_gives_each_list_the_years_that_it_has() -> None:
    rows = re.findall(
        r"^\| (`\w+`(?:, `\w+`)*(?:, and any other)?) \| (\d+) \|",
        PAGE.read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    told = {
        name: int(years)
        for names, years in rows
        for name in re.findall(r"`(\w+)`", names)
        if name not in DEFAULT_YEARS
    }
    assert told == {name: YEARS_BY_LIST.get(name, YEARS_OF_A_LIST) for name in list_contracts()}
