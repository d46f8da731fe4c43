"""The store of results: what was kept comes back as it was, and anything else is worked out again."""

import errno
import stat
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cf_pipeline.errors import MachineError
from cf_pipeline.project.lake_layout import AuthorityNameError
from cf_pipeline.project.results import lake_results
from cf_pipeline.project.results.lake_results import LakeResults
from cf_pipeline.project.results.result_file import read_result, write_result
from cf_pipeline.results import NO_STORE, Result, join_tables, result_key, table_of

ROWS = pd.DataFrame(
    {
        "name": pd.Series(
            ["a", None, "é\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16")], dtype="str"
        ),
        "day": pd.Series(["2019-12-31", None, "2020-02-29"], dtype="datetime64[us]"),
        "count": pd.Series([1, None, 3], dtype="Int64"),
        "share": pd.Series([0.5, None, 1.0], dtype="Float64"),
        "flag": pd.Series([True, None, False], dtype="boolean"),
    }
)
RESULT = Result(
    {"sentences": ["a: b"], "number": 1}, {"rows": table_of(ROWS), "none": table_of(ROWS.iloc[:0])}
)
PLACE = ("files", "camden", "v1")


def store(folder: Path, kind: str = "files", authority: str = "camden", version: str = "v1") -> LakeResults:
    return LakeResults(str(folder), kind, authority, version)


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_what_is_kept_comes_back_with_its_types(tmp_path):
    store(tmp_path).keep("key", RESULT)
    found = store(tmp_path).find("key")
    assert found.facts == RESULT.facts
    dtypes = {name: str(dtype) for name, dtype in ROWS.dtypes.items()}
    pd.testing.assert_frame_equal(join_tables([found.tables["rows"]], dtypes), ROWS)
    pd.testing.assert_frame_equal(join_tables([found.tables["none"]], dtypes), ROWS.iloc[:0])


def test_nothing_is_found_before_it_is_kept_and_nothing_ever_without_a_store(tmp_path):
    assert store(tmp_path).find("key") is None
    NO_STORE.keep("key", RESULT)
    assert NO_STORE.find("key") is None


@pytest.mark.parametrize(
    ("key", "place"),
    [
        ("another", PLACE),
        ("key", ("deliveries", "camden", "v1")),
        ("key", ("files", "hackney", "v1")),
        ("key", ("files", "camden", "v2")),
    ],
)
def test_another_key_kind_authority_or_version_finds_nothing(tmp_path, key, place):
    store(tmp_path).keep("key", RESULT)
    assert store(tmp_path, *place).find(key) is None


def test_a_file_under_the_name_of_another_is_not_its_result(tmp_path):
    store(tmp_path).keep("one", RESULT)
    store(tmp_path).keep("two", Result({}, {}))
    first, second = files(tmp_path)
    second.write_bytes(first.read_bytes())
    found = [store(tmp_path).find(key) for key in ("one", "two")]
    assert found.count(None) == 1


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.floats(0, 1, exclude_max=True), change=st.integers(1, 255), cut=st.booleans())
def test_a_changed_byte_or_half_a_file_is_no_result(place, change, cut):
    content = write_result("name", RESULT)
    at = int(place * len(content))
    spoiled = content[:at] if cut else content[:at] + bytes([content[at] ^ change]) + content[at + 1 :]
    assert read_result("name", spoiled) is None
    assert read_result("name", content + b"\n") is None


def test_a_file_with_its_hash_and_of_another_form_is_no_result(monkeypatch):
    class Older(dict):
        """Facts that an older form of the file may have had."""

    content = write_result("name", Result(Older(a=1), {}))
    monkeypatch.setattr("cf_pipeline.project.results.result_file.json.loads", lambda head: {"facts": {}})
    assert read_result("name", content) is None


def test_a_result_is_its_owners_alone(tmp_path):
    store(tmp_path / "lake").keep("key", RESULT)
    (file,) = files(tmp_path)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert {stat.S_IMODE(folder.stat().st_mode) for folder in list(file.parents)[:4]} == {0o700}


def test_a_full_disk_is_the_machine_s_and_the_result_before_stays(tmp_path, monkeypatch):
    store(tmp_path).keep("key", RESULT)

    def fill_disk(path, content):
        raise OSError(errno.ENOSPC, "")

    monkeypatch.setattr(lake_results, "write_private", fill_disk)
    with pytest.raises(MachineError, match="the disk is full"):
        store(tmp_path).keep("key", Result({}, {}))
    assert store(tmp_path).find("key").facts == RESULT.facts


def test_sweeping_leaves_what_was_asked_for_or_kept_and_nothing_else(tmp_path):
    first = store(tmp_path)
    for key in ("old", "used"):
        first.keep(key, RESULT)
    store(tmp_path, authority="hackney").keep("old", RESULT)
    now = store(tmp_path)
    now.find("used")
    now.keep("new", RESULT)
    (tmp_path / "results" / "files" / "camden" / ".part-half").write_bytes(b"half")
    now.sweep()
    after = store(tmp_path)
    assert [after.find(key) is None for key in ("old", "used", "new")] == [True, False, False]
    assert len(files(tmp_path)) == 3  # that of the other authority too


def test_sweeping_where_nothing_was_kept_does_nothing(tmp_path):
    store(tmp_path).sweep()
    assert files(tmp_path) == []


def test_an_authority_s_name_never_leads_elsewhere(tmp_path):
    with pytest.raises(AuthorityNameError):
        store(tmp_path, authority="../camden")


def test_the_key_moves_with_every_input_and_the_order_of_a_mapping():
    keys = [
        result_key("a", "b"),
        result_key("ab"),
        result_key(["a", "b"]),
        result_key({"a": 1, "b": 2}),
        result_key({"b": 2, "a": 1}),
        result_key(frozenset({"a"})),
        result_key(None),
    ]
    assert len(set(keys)) == len(keys)
    assert result_key(frozenset({"a", "b"})) == result_key(frozenset({"b", "a"}))


def test_what_cannot_be_told_apart_is_no_key():
    with pytest.raises(TypeError, match="cannot be part of the key"):
        result_key(object())


def test_tables_of_an_arrow_type_that_pandas_would_change_keep_the_types_asked_for():
    table = pa.table({"count": pa.array([1, 2])})
    assert str(join_tables([table, table], {"count": "Int64"})["count"].dtype) == "Int64"
