"""Names that explain themselves: a public function is a verb and its object or a noun for what it returns.

The rule and its reason are in CONTRIBUTING.md, "Names".
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("cf_pipeline", "assets", "resources")
WORDS = {
    name: frozenset(words.split())
    for name, words in tomllib.loads(Path(__file__).with_name("vocabulary.toml").read_text("utf-8")).items()
}


@cache
def modules() -> dict[str, ast.Module]:
    """Path below the repository -> its syntax tree."""
    return {
        str(path.relative_to(ROOT)): ast.parse(path.read_text(encoding="utf-8"))
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("*.py"))
    }


def functions(is_public: bool = False) -> Iterator[tuple[str, ast.FunctionDef]]:
    """Every function and method, with its module's path."""
    for path, tree in modules().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and not (is_public and node.name.startswith("_")):
                yield path, node


def is_participle(name: str) -> bool:
    """Whether the name is one participle and nothing else: `taken`, `carried`."""
    return name in WORDS["irregular_participles"] or (
        bool(re.fullmatch(r"[a-z]+ed", name)) and name not in WORDS["words_in_ed"]
    )


def test_a_participle_is_told_from_a_verb_and_its_object():
    assert is_participle("carried") and is_participle("taken")
    assert (
        not is_participle("carry_forward") and not is_participle("seed") and not is_participle("is_covered")
    )


def test_no_public_function_is_a_bare_participle():
    found = [
        f"{path}:{node.lineno} {node.name}" for path, node in functions(True) if is_participle(node.name)
    ]
    assert not found


def test_no_function_has_a_name_that_is_gone():
    found = [
        f"{path}:{node.lineno} {node.name}" for path, node in functions() if node.name in WORDS["functions"]
    ]
    assert not found


def test_no_class_has_a_name_that_is_gone():
    found = [
        f"{path}:{node.lineno} {node.name}"
        for path, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and node.name in WORDS["classes"]
    ]
    assert not found


def test_no_module_has_a_name_that_is_gone():
    assert not [
        path for path in modules() if Path(path).stem in WORDS["modules"] or is_participle(Path(path).stem)
    ]


def test_arguments_are_nouns():
    found = [
        f"{path}:{node.lineno} {node.name}({argument.arg})"
        for path, node in functions()
        for argument in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
        if argument.arg in WORDS["arguments"] or is_participle(argument.arg)
    ]
    assert not found


@pytest.mark.parametrize(
    "package", sorted(path.name for path in (ROOT / "cf_pipeline").iterdir() if path.is_dir())
)
def test_no_two_classes_of_a_package_share_a_name(package):
    places = defaultdict(list)
    for path, tree in modules().items():
        if path.startswith(f"cf_pipeline/{package}/"):
            for node in tree.body:
                if isinstance(node, ast.ClassDef):
                    places[node.name].append(f"{path}:{node.lineno}")
    assert not {name: found for name, found in places.items() if len(found) > 1}
