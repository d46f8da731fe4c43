"""`docs/headlines.md`: every sentence of the report with an example, made from the templates themselves.

`python -m cf_pipeline.outputs.docs_pages.headlines > docs/headlines.md` writes the page anew. A test compares
it with the templates.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from typing import Any

from cf_pipeline.contracts.english import sentence

INTRODUCTION = """# The report's sentences

Every template of the committee report, with an example. This page is made from the templates:
`python -m cf_pipeline.outputs.docs_pages.headlines > docs/headlines.md`.

A sentence tells one thing: what the figure is, how it differs, or what chance says of it. A word for a
difference tells its size and never judges; whether higher is better stands beside the measure. A sentence
whose figure is missing is left out, or says why it is missing.
"""
FILES = {
    "headlines": (
        "cf_pipeline.headlines",
        "The committee's headlines",
        "`cf_pipeline/headlines/data/headlines.toml`: made with the figures, and published with them.",
    ),
    "words": (
        "cf_pipeline.outputs.report",
        "The report's own words",
        "`cf_pipeline/outputs/report/data/words.toml`: the first page, headings and explanations.",
    ),
    "charts": (
        "cf_pipeline.outputs.charts",
        "The sentences of charts",
        "`cf_pipeline/outputs/charts/data/words.toml`: titles, and what a picture shows.",
    ),
    "phrases": (
        "cf_pipeline.compare",
        "The words for a difference",
        "`cf_pipeline/compare/data/phrases.toml`: by the place in a sentence and the size of the difference.",
    ),
}
"""Templates -> the package that they are in, their title and what they are."""
FILE_NAMES = {"charts": "words"}
"""The file of templates, where it is called otherwise."""
PLACEHOLDER = re.compile(r"\{(\w+)\}")


def headlines_page() -> str:
    """The page as Markdown: a section a file, a table a group of templates."""
    parts = [INTRODUCTION]
    for name, (_, title, about) in FILES.items():
        parts += [f"## {title}\n", f"{about}\n"]
        for group, templates in read_templates(name).items():
            rows = [
                f"| `{key}` | {cell(text)} | {cell(shown)} |"
                for key, text, shown in _rows(name, group, templates)
            ]
            parts += [f"### {group}\n", "| template | text | example |\n|---|---|---|", "\n".join(rows), ""]
    return "\n".join(parts)


def read_templates(name: str) -> dict[str, dict[str, Any]]:
    """The templates of an entry of FILES by group and key; a list of them is several."""
    path = resources.files(FILES[name][0]) / "data" / f"{FILE_NAMES.get(name, name)}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def example(file: str, group: str, key: str, template: str) -> str:
    """The template with the example values of its placeholders.

    Raises:
        KeyError: a placeholder has no example.
    """
    chosen = examples()
    of_group: Mapping[str, Any] = chosen.get(file, {}).get(group, {})
    of_key = of_group.get(key)
    own: Mapping[str, str] = of_key if isinstance(of_key, dict) else {}
    common = {name: value for name, value in of_group.items() if isinstance(value, str)}
    values = {**chosen["default"][file], **common, **own}
    text = template.format(**{name: values[name] for name in PLACEHOLDER.findall(template)})
    return sentence(text) if file == "headlines" and group != "shared" else text


@cache
def examples() -> dict[str, Any]:
    """The example values: by file, group and key."""
    path = resources.files("cf_pipeline.outputs.docs_pages") / "data" / "headline_examples.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _rows(file: str, group: str, templates: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    for key, found in templates.items():
        for text in found if isinstance(found, list) else [found]:
            yield key, text, example(file, group, key, text)


def cell(text: str) -> str:
    """A text as a cell of a Markdown table."""
    return text.replace("|", "\\|")


if __name__ == "__main__":
    print(headlines_page(), end="")
