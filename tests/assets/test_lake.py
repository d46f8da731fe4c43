"""The lake: private files, written whole, loaded as one frame or one an authority."""

from __future__ import annotations

import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg
import numpy as np
import pandas as pd
import pytest
from upath import UPath

from assets.support.specs import table_spec
from assets.support.steps import set_aside, step, table
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.contracts.tables.no_rows import no_rows
from cf_pipeline.history.tables.core_tables import core_columns
from cf_pipeline.project.lake_layout import (
    BY_TEAM,
    CORE_DELIVERIES,
    NEIGHBOURS,
    AuthorityNameError,
    TableKey,
    authorities_with,
    table_path,
)
from cf_pipeline.project.lake_reader import LakeReader, MissingTableError
from cf_pipeline.project.lake_tables import lake_table
from cf_pipeline.project.parquet_table import DamagedTableError, UnstorableTableError, read_table, write_table
from cf_pipeline.project.runs.last_run import LastRun, read_last_run, write_last_run
from resources.lake import Lake, column_schema
from resources.settings import PipelineSettings

ONE_ROW = pd.DataFrame({"count": pd.array([1], dtype="Int64")})
Made = dict[str, object]


def lake(project: Path) -> Lake:
    return Lake(settings=PipelineSettings(root=str(project)))


def reader(project: Path) -> LakeReader:
    return LakeReader(PipelineSettings(root=str(project)).load())


def path_of(project: Path, key: TableKey) -> UPath:
    return table_path(str(project / "data" / "lake"), key, "camden")


def graph(seen: Made) -> list[dg.AssetsDefinition]:
    @step("deliveries", [table_spec(CORE_DELIVERIES)])
    def deliveries() -> Iterator[Any]:
        yield table(CORE_DELIVERIES, ONE_ROW)

    @step("by_team", [table_spec(BY_TEAM)], reads={"one": CORE_DELIVERIES})
    def by_team(one: pd.DataFrame) -> Iterator[Any]:
        seen["one"] = one
        seen["temporary"] = Path(tempfile.gettempdir())
        yield table(BY_TEAM, one)

    @step("neighbours", [table_spec(NEIGHBOURS, is_partitioned=False)], reads={"each": CORE_DELIVERIES})
    def neighbours(each: dict[str, pd.DataFrame]) -> Iterator[Any]:
        seen["each"] = each
        yield table(NEIGHBOURS, ONE_ROW)

    return [deliveries, by_team, neighbours]


def materialize(
    project: Path, seen: Made, *only: str, partition: str | None = None, raise_on_error: bool = True
) -> dg.ExecuteInProcessResult:
    instance = dg.DagsterInstance.ephemeral()
    instance.add_dynamic_partitions("authority", ["camden", "hackney", "never-run"])
    assets = graph(seen)
    return dg.materialize(
        assets,
        selection=[asset for asset in assets if asset.key.path[-1] in only],
        resources={"lake": lake(project)},
        instance=instance,
        partition_key=partition,
        raise_on_error=raise_on_error,
    )


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_table_is_a_private_file_named_after_its_asset_and_authority(project: Path) -> None:
    materialize(project, {}, "deliveries", partition="camden")
    file = project / "data/lake/core/deliveries/camden.parquet"
    assert mode(file) == 0o600
    assert {mode(folder) for folder in file.parents[:4]} == {0o700}
    assert [path.name for path in file.parent.iterdir()] == ["camden.parquet"]


def test_a_run_has_its_temporary_files_in_the_data_folder_while_it_lasts(project: Path) -> None:
    seen: Made = {}
    before = tempfile.gettempdir()
    materialize(project, seen, "deliveries", "by_team", partition="camden")
    assert Path(str(seen["temporary"])).parent == project / "data" / "tmp"
    assert list((project / "data" / "tmp").iterdir()) == []
    assert tempfile.gettempdir() == before


def test_an_unpartitioned_table_has_no_folder_of_its_own(project: Path) -> None:
    materialize(project, {}, "neighbours")
    assert (project / "data/lake/reference/neighbours.parquet").is_file()


def test_dagster_is_told_the_rows_the_path_and_columns_that_the_definition_does_not_have(
    project: Path,
) -> None:
    result = materialize(project, {}, "deliveries", partition="camden")
    [event] = result.asset_materializations_for_node("deliveries")
    assert event.metadata["dagster/row_count"].value == 1
    assert event.metadata["path"].value == str(project / "data/lake/core/deliveries/camden.parquet")
    schema = event.metadata["dagster/column_schema"].value
    assert [(column.name, column.type) for column in schema.columns] == [("count", "Int64")]
    assert column_schema(lake_table(*CORE_DELIVERIES).empty(), CORE_DELIVERIES) is None


def test_categories_that_no_contract_declares_are_stored_as_text_and_told_so(project: Path) -> None:
    path = path_of(project, CORE_DELIVERIES)
    schema = column_schema(
        write_table(path, pd.DataFrame({"team": pd.Categorical(["East"])}), CORE_DELIVERIES), CORE_DELIVERIES
    )
    assert schema is not None
    assert [column.type for column in schema.columns] == ["str"]


def test_a_step_is_handed_what_the_run_wrote_as_it_would_be_read(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: Made = {}
    materialize(project, seen, "deliveries", partition="camden")
    materialize(project, seen, "by_team", partition="camden")
    read = seen["one"]
    monkeypatch.setattr(LakeReader, "read", None)
    materialize(project, seen, "deliveries", "by_team", partition="camden")
    assert isinstance(read, pd.DataFrame)
    assert isinstance(seen["one"], pd.DataFrame)
    pd.testing.assert_frame_equal(seen["one"], read)
    assert (read.attrs, seen["one"].attrs) == ({}, {})


def test_a_table_names_its_run_and_the_runs_of_what_it_was_made_from(project: Path) -> None:
    first = materialize(project, {}, "deliveries", partition="camden").run_id
    second = materialize(project, {}, "by_team", partition="camden").run_id
    stored = reader(project).read(BY_TEAM, "camden").attrs
    assert stored == {"run_id": second, "source_runs": {"core/deliveries": first}}
    assert reader(project).read(CORE_DELIVERIES, "camden").attrs == {"run_id": first, "source_runs": {}}
    third = materialize(project, {}, "deliveries", "by_team", partition="camden").run_id
    assert reader(project).read(BY_TEAM, "camden").attrs["source_runs"] == {"core/deliveries": third}


def test_a_partitioned_reader_gets_its_own_frame(project: Path) -> None:
    seen: Made = {}
    materialize(project, seen, "deliveries", partition="camden")
    materialize(project, seen, "by_team", partition="camden")
    frame = seen["one"]
    assert isinstance(frame, pd.DataFrame)
    pd.testing.assert_frame_equal(frame[["count"]], ONE_ROW)


def test_an_unpartitioned_reader_gets_a_frame_for_each_authority_that_has_one(project: Path) -> None:
    seen: Made = {}
    for authority in ("camden", "hackney"):
        materialize(project, seen, "deliveries", partition=authority)
    materialize(project, seen, "neighbours")
    assert sorted(seen["each"]) == ["camden", "hackney"]  # type: ignore[call-overload]


def test_a_name_that_is_a_path_never_becomes_one(project: Path) -> None:
    for name in ("../../etc", "camden\n", "Camden", ""):
        with pytest.raises(AuthorityNameError, match="cannot be an authority"):
            table_path("lake", ("core", "deliveries"), name)


def test_what_was_set_aside_is_not_what_others_read(project: Path) -> None:
    @step("contacts", [table_spec(("clean", "contacts"))])
    def contacts() -> Iterator[Any]:
        yield set_aside(("clean", "contacts"), ONE_ROW)

    instance = dg.DagsterInstance.ephemeral()
    instance.add_dynamic_partitions("authority", ["camden"])
    dg.materialize([contacts], resources={"lake": lake(project)}, instance=instance, partition_key="camden")
    assert (project / "data/lake/clean/contacts/camden.rejected.parquet").is_file()
    assert not reader(project).has(("clean", "contacts"), "camden")


@pytest.mark.parametrize("name", list(list_contracts()))
def test_a_clean_list_comes_back_with_its_contracts_types_also_when_empty(project: Path, name: str) -> None:
    empty = list_contracts()[name].empty()
    path = path_of(project, ("clean", name))
    write_table(path, empty.astype(object), ("clean", name))
    pd.testing.assert_frame_equal(read_table(path, ("clean", name)), empty)


@pytest.mark.parametrize("name", list(list_contracts()))
@pytest.mark.parametrize("words", [[], ["current", "withdrawn"]])
def test_a_history_comes_back_as_it_was_made_its_words_numbered(
    project: Path, name: str, words: list[str]
) -> None:
    made = no_rows(core_columns(name)).reindex(range(len(words))).astype(core_columns(name))
    made = made.assign(status=pd.Categorical(words))
    path = path_of(project, ("core", name))
    pd.testing.assert_frame_equal(write_table(path, made, ("core", name)), made)
    pd.testing.assert_frame_equal(read_table(path, ("core", name)), made)


def test_a_column_of_mixed_types_is_named_and_none_of_its_values_is(project: Path) -> None:
    frame = pd.DataFrame({"team": np.array(["Jane Doe", 7], dtype=object)})
    path = path_of(project, ("clean", "contacts"))
    with pytest.raises(UnstorableTableError, match="team mixes types") as raised:
        write_table(path, frame, ("clean", "contacts"))
    assert "Jane" not in str(raised.value)
    assert raised.value.__context__ is None


def test_what_is_said_of_a_table_stays_with_it(project: Path) -> None:
    said = pd.DataFrame({"file": pd.Series(dtype="str")})
    said.attrs = {"fingerprint": "abc", "refusals": ["camden/x.xlsx: damaged"]}
    path = path_of(project, ("raw", "deliveries"))
    write_table(path, said, ("raw", "deliveries"))
    assert read_table(path, ("raw", "deliveries")).attrs == said.attrs


# the byte before the one that changes: of the one value (a literal of Snappy's), of the closing mark
DAMAGED = {"value": b"\x1c\x01\0", "end": b"\0PAR1"}


@pytest.mark.parametrize("part", DAMAGED)
def test_a_table_with_one_bit_changed_is_named_and_what_the_last_run_said_is_forgotten(
    project: Path, part: str
) -> None:
    materialize(project, {}, "deliveries", partition="camden")
    file = project / "data/lake/core/deliveries/camden.parquet"
    data = bytearray(file.read_bytes())
    data[data.index(DAMAGED[part]) + 1] ^= 1
    file.write_bytes(data)
    write_last_run(project / "data", LastRun("run", "inputs", (), ()))
    with pytest.raises(DamagedTableError, match="The table core/deliveries of the lake is damaged"):
        reader(project).read(("core", "deliveries"), "camden")
    assert read_last_run(project / "data") is None


def test_a_step_that_is_handed_a_damaged_table_stops_with_its_sentence(project: Path) -> None:
    materialize(project, {}, "deliveries", partition="camden")
    (project / "data/lake/core/deliveries/camden.parquet").write_bytes(b"PAR1")
    ended = materialize(project, {}, "by_team", partition="camden", raise_on_error=False)
    (failed,) = (event for event in ended.all_events if event.is_step_failure)
    told = failed.step_failure_data.user_failure_data
    assert told is not None
    assert str(told.description).startswith("The table core/deliveries of the lake is damaged")


def test_the_reader_names_a_table_that_no_run_has_made(project: Path) -> None:
    with pytest.raises(MissingTableError, match="core/deliveries of camden has not been made yet"):
        reader(project).read(("core", "deliveries"), "camden")
    assert reader(project).find(("core", "deliveries"), "camden") is None


def test_the_authorities_of_a_table_are_those_whose_table_passed_its_check(project: Path) -> None:
    for name in ("hackney", "camden"):
        materialize(project, {}, "deliveries", partition=name)
    folder = project / "data/lake/core/deliveries"
    (folder / "lambeth.rejected.parquet").write_bytes(b"")
    (folder / ".part-lambeth.parquet").write_bytes(b"")
    assert authorities_with(str(project / "data/lake"), ("core", "deliveries")) == ["camden", "hackney"]
    assert authorities_with(str(project / "data/lake"), ("core", "changes")) == []
