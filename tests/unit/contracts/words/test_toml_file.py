"""A TOML file that cannot be read has a reason, and none of its values is in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from cf_pipeline.contracts.words.toml_file import MOST_BYTES, TomlError, read_toml

UNREADABLE = {
    "[" * 5_000 + "]" * 5_000: "nested|not TOML",
    "x = " + "[" * 5_000 + "]" * 5_000: "nested more than 20 deep",
    "x = " + "[" * 21 + "]" * 21: "nested more than 20 deep",
    "a" + ".a" * 3_000 + " = 1": "nested more than 20 deep",
    "x = " + "1" * 5_000: "too many digits",
    "x = '" + "a" * MOST_BYTES + "'": "more than 1,000,000 bytes",
    "x = 'secret": r"it is not TOML \(at",
}


@pytest.mark.parametrize("number", range(len(UNREADABLE)))
def test_a_file_that_cannot_be_read_has_a_reason(tmp_path: Path, number: int) -> None:
    text, reason = list(UNREADABLE.items())[number]
    path = tmp_path / "mapping.toml"
    path.write_text(text)
    with pytest.raises(TomlError, match=reason):
        read_toml(path)


def test_what_is_no_text_is_named_so(tmp_path: Path) -> None:
    path = tmp_path / "mapping.toml"
    path.write_bytes("x = 1".encode("utf-16"))
    with pytest.raises(TomlError, match="not UTF-8 text"):
        read_toml(path)


def test_a_byte_order_mark_and_sixteen_tables_are_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "mapping.toml"
    path.write_text("x" + ".x" * 15 + " = 'é'", encoding="utf-8-sig")
    assert list(read_toml(path)) == ["x"]
