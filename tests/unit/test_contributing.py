"""CONTRIBUTING.md and the documents say where things are; what they name exists."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
CITATION = re.compile(r"docs/rulings\.md#(\d+)|\(rulings\.md#(\d+)\)")
QUESTIONS = (
    "a header alias",
    "a code",
    "a date format",
    "a merge rule",
    "a KPI",
    "a headline's words",
    "a chart",
    "a warehouse column",
    "a lake path",
    "a lock",
)


def answers() -> dict[str, list[str]]:
    """What to change -> the paths that CONTRIBUTING.md names for it."""
    table = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").split("| to change |")[1].split("\n\n")[0]
    rows = [line.strip("|").split("|") for line in table.splitlines()[2:]]
    return {question.strip(): re.findall(r"`([^`]+)`", paths) for question, paths in rows}


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_answer_is_a_path_that_exists(question):
    found = [paths for asked, paths in answers().items() if asked.startswith(question)]
    assert found and found[0]
    for path in found[0]:
        assert (ROOT / path).exists(), path


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_pages_lead_somewhere(page):
    links = re.findall(r"\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    assert not [link for link in links if not (page.parent / link).exists()]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_paths_in_code_type_exist(page):
    text = page.read_text(encoding="utf-8")
    paths = re.findall(r"`((?:cf_pipeline|assets|resources|tests|docs|benchmarks)/[\w./-]+?)/?`", text)
    assert not [path for path in paths if not (ROOT / path).exists()]


def test_every_cited_ruling_has_its_place_on_the_page():
    page = (ROOT / "docs" / "rulings.md").read_text(encoding="utf-8")
    numbers = set(re.findall(r'<a id="(\d+)"></a>', page))
    assert numbers == {str(number) for number in range(1, 37)}
    files = [
        *PAGES,
        *(
            path
            for folder in ("cf_pipeline", "assets", "resources", "tests", "benchmarks")
            for path in (ROOT / folder).rglob("*.py")
        ),
    ]
    cited = {
        number
        for path in files
        for match in CITATION.findall(path.read_text(encoding="utf-8"))
        for number in match
        if number
    }
    assert cited and cited <= numbers


def test_no_ruling_is_cited_without_its_page():
    bare = re.compile(r"\b[Rr]ulings?\s+(?:on\s+\w+|\(?\d)")
    files = [
        path
        for folder in ("cf_pipeline", "assets", "resources", "tests", "benchmarks")
        for path in (ROOT / folder).rglob("*.py")
        if path != Path(__file__)
    ]
    found = [str(path.relative_to(ROOT)) for path in files if bare.search(path.read_text(encoding="utf-8"))]
    assert not found
