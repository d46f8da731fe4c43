"""A file that people are given is written again only where what it is made from is another."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from cf_pipeline.project.lake_layout import output_files, table_path
from cf_pipeline.project.parquet_table import write_table
from cf_pipeline.project.publication import output_files as module
from cf_pipeline.project.publication.output_files import OutputFiles, hash_sources, hash_tables
from cf_pipeline.project.settings import Settings, load_settings
from tests.support import publication_example as example

KEY = output_files("committee_report")
NAME = "committee_report.html"


@pytest.fixture
def settings(project: Path) -> Settings:
    return load_settings(project, {})


def run(settings: Settings, sources: dict[str, str], content: bytes = b"report") -> list[str]:
    """One run: the hash of what each authority's file is made from; returns whose files were rendered."""
    rendered: list[str] = []

    def rendering(slug: str) -> Callable[[], bytes]:
        def render() -> bytes:
            rendered.append(slug)
            return content

        return render

    files = OutputFiles(settings, KEY)
    for slug, sources_hash in sources.items():
        files.write_file(slug, NAME, sources_hash, rendering(slug))
    write_table(table_path(settings.lake, KEY), files.table(), KEY)
    return rendered


def test_only_the_file_of_an_authority_with_other_sources_is_written_again(settings: Settings) -> None:
    assert run(settings, {"camden": "a", "barnet": "b"}) == ["camden", "barnet"]
    assert run(settings, {"camden": "a", "barnet": "c"}) == ["barnet"]
    assert run(settings, {"camden": "a", "barnet": "c"}) == []


def test_a_file_that_is_missing_or_was_altered_is_written_again(settings: Settings) -> None:
    run(settings, {"camden": "a"})
    path = settings.outputs / "camden" / NAME
    path.unlink()
    assert run(settings, {"camden": "a"}) == ["camden"]
    path.write_bytes(b"raport")
    assert run(settings, {"camden": "a"}) == ["camden"]
    assert path.read_bytes() == b"report"
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_damaged_or_lost_table_of_files_writes_every_file_again(settings: Settings) -> None:
    run(settings, {"camden": "a"})
    table = table_path(settings.lake, KEY)
    table.write_bytes(table.read_bytes()[:100])
    assert run(settings, {"camden": "a"}) == ["camden"]
    table.unlink()
    assert run(settings, {"camden": "a"}) == ["camden"]


def test_the_rows_the_limits_the_libraries_and_the_product_decide_a_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hashes = {
        hash_sources("rows", {"similar_pct": 5}),
        hash_sources("other rows", {"similar_pct": 5}),
        hash_sources("rows", {"similar_pct": 6}),
    }
    monkeypatch.setattr(module, "product_hash", lambda: "another product")
    hashes.add(hash_sources("rows", {"similar_pct": 5}))
    monkeypatch.setattr(module.metadata, "version", lambda _: "99")
    hashes.add(hash_sources("rows", {"similar_pct": 5}))
    assert len(hashes) == 5


def test_every_cell_of_a_shared_table_counts() -> None:
    tables = {name: example.tables()[name] for name in ("dim_kpi", "dim_category")}
    before = hash_tables(tables)
    assert before == hash_tables({name: frame.copy() for name, frame in tables.items()})
    changed = tables["dim_kpi"].copy()
    changed.loc[0, "title"] = "Another title"
    assert hash_tables(tables | {"dim_kpi": changed}) != before
