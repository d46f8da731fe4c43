"""Every asset names the file and line of the body that makes it."""

from __future__ import annotations

from pathlib import Path

import dagster as dg
import pytest

from assets.definitions import defs

GRAPH = defs.resolve_asset_graph()
ASSETS = Path(__file__).parents[2] / "assets"


def written_at(*path: str) -> tuple[Path, str]:
    """The file that an asset names, and the line there."""
    [reference] = GRAPH.get(dg.AssetKey(list(path))).metadata["dagster/code_references"].code_references
    file = Path(reference.file_path)
    return file, file.read_text(encoding="utf-8").splitlines()[reference.line_number - 1]


@pytest.mark.parametrize("key", sorted(GRAPH.get_all_asset_keys()), ids=lambda key: key.to_user_string())
def test_the_file_is_the_module_of_the_asset_and_the_line_that_of_its_step(key: dg.AssetKey) -> None:
    file, line = written_at(*key.path)
    assert file.parent == ASSETS
    assert line.strip().startswith("@step(")


def test_a_table_is_written_in_the_module_of_its_layer() -> None:
    assert written_at("core", "contacts")[0].name == "core.py"
    assert written_at("kpi", "headlines")[0].name == "forecasts.py"
    assert written_at("warehouse", "published")[0].name == "warehouse.py"
    assert written_at("outputs", "committee_report")[0].name == "outputs.py"
