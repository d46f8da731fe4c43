"""A message about a council's mapping quotes a name, and never what may be the text of a cell."""

from __future__ import annotations

from pathlib import Path

import pytest

from cf_pipeline.contracts.mapping import MappingError, load_mapping


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            '[headers.contacts]\n"Quaggazebra" = "Okapi Road"',
            "unknown column of contacts, entry 1 (not shown).",
        ),
        ('[codes.gender]\n"M" = "M"\n"Boy" = "Quaggazebra"', "unknown code of gender, entry 2 (not shown)."),
        ('[sheets]\n"A" = "Quaggazebra"', "unknown list, entry 1 (not shown)."),
        ('["Quagga\\u001bzebra"]', "unknown table, entry 1 (not shown)."),
        ("[colours]", "unknown table colours."),
        ("[intervals]\nvisits = '1 day'", "unknown interval visits"),
        (
            "[intervals]\nprotection_visit = 'Quaggazebra'",
            'protection_visit of [intervals] must be as in "10 working days" or "28 days".',
        ),
        ("[intervals]\nprotection_visit = 10", "protection_visit of [intervals] must be as in"),
        ("[intervals]\nprotection_visit = '0 days'", "protection_visit of [intervals] must be as in"),
        ("[workers]\nshow = 'Quaggazebra'", "show of [workers] must be a list of names"),
        (
            '[codes.gender]\n"Quaggazebra" = "M"\n"Quaggazebra" = "F"\n',
            "cannot be read: it is not TOML (at line 3, column 20); correct the file.",
        ),
        ('[codes]\ngender = { "Quaggazebra" = "M", "Quaggazebra" = "F" }', "cannot be read: it is not TOML"),
    ],
)
def test_only_names_are_quoted(tmp_path: Path, text: str, sentence: str) -> None:
    (tmp_path / "mapping.toml").write_text(text)
    with pytest.raises(MappingError) as raised:
        load_mapping(tmp_path)
    assert str(raised.value).startswith(f"{tmp_path.name}/mapping.toml: {sentence}")
    assert "uagga" not in str(raised.value)


def test_a_council_sets_its_own_interval_and_names_its_workers(tmp_path: Path) -> None:
    lines = ["[intervals]", 'protection_visit = "10 working days"', "[workers]", 'show = ["A Worker"]']
    (tmp_path / "mapping.toml").write_text("\n".join(lines))
    mapping = load_mapping(tmp_path)
    assert mapping.intervals == {"protection_visit": "10 working days"}
    assert mapping.workers == {"A Worker"}
