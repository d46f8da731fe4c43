"""Settings: one file, the environment over it, and an error that names what is wrong."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from cf_pipeline.project.settings import SettingsError, find_root, load_settings

REPOSITORY = Path(__file__).parents[3]
KEY = "k" * 40


def write(root: Path, text: str) -> Path:
    (root / "pipeline.toml").write_text(text)
    return root


def test_without_a_file_everything_lies_under_raw_and_data(tmp_path: Path) -> None:
    settings = load_settings(tmp_path, {})
    assert (settings.raw, settings.data) == (tmp_path / "raw", tmp_path / "data")
    assert settings.lake == str(tmp_path / "data" / "lake")
    assert settings.warehouse_url == f"duckdb:///{tmp_path}/data/warehouse/published.duckdb"


def test_the_environment_overrides_the_file(tmp_path: Path) -> None:
    write(tmp_path, 'raw = "in"\n[phrases]\nsimilar_pct = 4')
    settings = load_settings(tmp_path, {"CF_RAW": "/elsewhere", "CF_PHRASES_SIMILAR_PCT": "6"})
    assert settings.raw == Path("/elsewhere")
    assert settings.wording_limits.similar_pct == 6


def test_the_lake_and_warehouse_follow_the_data_folder(tmp_path: Path) -> None:
    settings = load_settings(tmp_path, {"CF_DATA": "/srv/cf"})
    assert settings.lake == "/srv/cf/lake"
    assert settings.warehouse_url == "duckdb:////srv/cf/warehouse/published.duckdb"


def test_a_database_file_named_without_a_slash_lies_in_the_project(tmp_path: Path) -> None:
    settings = load_settings(tmp_path, {"CF_WAREHOUSE_URL": "duckdb:///wh/p.duckdb"})
    assert settings.warehouse_url == f"duckdb:///{tmp_path}/wh/p.duckdb"
    assert settings.warehouse_shown == f"{tmp_path}/wh/p.duckdb"


def test_a_password_of_the_warehouse_is_not_shown(tmp_path: Path) -> None:
    settings = load_settings(tmp_path, {"CF_WAREHOUSE_URL": "postgresql+psycopg://ana:secret@db/kpi"})
    assert settings.warehouse_shown == "postgresql+psycopg://db/kpi"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("speling = 1", "speling"),
        ("[forecast]\nmethod = 1", "forecast.method"),
        ("[phrases]\nsimilar = 5", "phrases.similar"),
        ('id_key = "never in a file"', "id_key"),
    ],
)
def test_an_unknown_key_is_an_error_that_names_it(tmp_path: Path, text: str, named: str) -> None:
    with pytest.raises(SettingsError, match=named):
        load_settings(write(tmp_path, text), {})


def test_an_unknown_variable_is_an_error_that_suggests_the_known_one(tmp_path: Path) -> None:
    with pytest.raises(
        SettingsError, match="CF_WAREHOUSE_ULR in the environment; did you mean CF_WAREHOUSE_URL"
    ):
        load_settings(tmp_path, {"CF_WAREHOUSE_ULR": "x"})


def test_variables_of_others_and_the_samples_of_the_tests_are_none_of_our_business(tmp_path: Path) -> None:
    load_settings(tmp_path, {"CF_SAMPLES": "/samples", "PATH": "/bin", "CFLAGS": "-O2"})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[forecast]\nselected_method = "guess"', "guess"),
        ('[phrases]\nsimilar_pct = "five"', "not a number"),
        ("[phrases]\nsimilar_pct = -1", "0 or more"),
        ("[phrases]\nsimilar_pct = true", "0 or more"),
        ("[phrases]\nsimilar_pct = nan", "0 or more"),
        ("raw = 5", "text"),
        ("raw = ", "cannot be read"),
    ],
)
def test_a_wrong_value_is_an_error(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        load_settings(write(tmp_path, text), {})


def test_the_key_comes_from_the_environment_or_its_private_file(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    file = tmp_path / "data" / "id.key"
    file.write_text("f" * 64 + "\n")
    file.chmod(0o600)
    assert load_settings(tmp_path, {}).id_key == b"f" * 64
    assert load_settings(tmp_path, {"CF_ID_KEY": KEY}).id_key == KEY.encode()


def test_a_key_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    file = tmp_path / "data" / "id.key"
    file.write_text("f" * 64)
    file.chmod(0o640)
    with pytest.raises(SettingsError, match="chmod 600"):
        load_settings(tmp_path, {})


@pytest.mark.parametrize("key", ["", "   ", "short"])
def test_a_short_key_is_no_key(tmp_path: Path, key: str) -> None:
    with pytest.raises(SettingsError, match="fewer than 32"):
        load_settings(tmp_path, {"CF_ID_KEY": key})


def test_a_run_needs_a_key(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cf-pipeline init"):
        load_settings(tmp_path, {}).required_id_key()


def test_the_key_is_never_shown(tmp_path: Path) -> None:
    assert KEY not in repr(load_settings(tmp_path, {"CF_ID_KEY": KEY}))


def test_the_repository_selects_the_papers_method_for_the_samples_council_alone() -> None:
    choices = load_settings(REPOSITORY, {"CF_ID_KEY": KEY}).choices
    rows = pd.DataFrame({"authority_code": ["E09000001", "E09000012"], "kpi_id": "contacts_count"})
    assert choices.selected_methods(rows).tolist() == ["pro_rata", "model"]


def test_settings_that_move_no_figure_are_not_among_the_inputs(tmp_path: Path) -> None:
    here, there = load_settings(tmp_path, {}), load_settings(tmp_path, {"CF_DATA": "/elsewhere"})
    assert here.settings_that_move_figures() == there.settings_that_move_figures()
    assert (
        here.settings_that_move_figures()
        != load_settings(tmp_path, {"CF_PHRASES_MOST_PCT": "80"}).settings_that_move_figures()
    )


def test_the_project_is_found_from_a_folder_inside_it(tmp_path: Path) -> None:
    inside = write(tmp_path, "") / "a" / "b"
    inside.mkdir(parents=True)
    assert find_root(inside) == tmp_path


@pytest.mark.parametrize(
    ("url", "fault"),
    [
        ("duckdb:///:memory:", "in memory"),
        ("duckdb:///:memory:figures", "in memory"),
        ("duckdb:////srv/:memory:", "in memory"),
        ("duckdb:///md:figures", "on another machine"),
        ("duckdb:///", "names no file"),
        ("duckdb://", "names no file"),
        ("duckdb:figures", "names no file"),
        ("duckdb:///?access_mode=read_only", "names no file"),
        ("duckdb:///data/warehouse/", "names no file"),
        ("duckdb:///~/figures.duckdb", "names no file"),
        ("duckdb:///figures.duckdb", "the project's folder itself"),
        ("duckdb:///data/../figures.duckdb", "the project's folder itself"),
        ("duckdb:///raw/figures.duckdb", "the drop zone"),
        ("duckdb:///data/restricted_records.duckdb", "the file of the records"),
        ("duckdb:////dev/null", "a folder or a device"),
    ],
)
def test_a_warehouse_where_records_would_lie_open_or_nowhere_is_refused(
    tmp_path: Path, url: str, fault: str
) -> None:
    with pytest.raises(SettingsError, match=fault):
        load_settings(tmp_path, {"CF_WAREHOUSE_URL": url})
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "url", ["duckdb:///data/warehouse/figures.duckdb", "duckdb:////srv/figures.duckdb", "postgresql://u@h/d"]
)
def test_other_warehouses_are_taken(tmp_path: Path, url: str) -> None:
    shown = load_settings(tmp_path, {"CF_WAREHOUSE_URL": url}).warehouse_shown
    assert shown.endswith("figures.duckdb") or shown == "postgresql://h/d"


def test_a_password_among_the_parameters_of_an_address_is_not_shown(tmp_path: Path) -> None:
    url = "postgresql+psycopg://host/figures?user=a&password=geheim"
    assert "geheim" not in load_settings(tmp_path, {"CF_WAREHOUSE_URL": url}).warehouse_shown


@pytest.mark.parametrize("content", [b"\xff\xfe\x00\x01" * 16, ("k" * 40).encode("utf-16"), b"\0" * 40])
def test_a_key_that_is_no_text_is_no_key(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "data").mkdir()
    key = tmp_path / "data" / "id.key"
    key.write_bytes(content)
    key.chmod(0o600)
    with pytest.raises(SettingsError, match="holds no UTF-8 text"):
        load_settings(tmp_path, {})
    with pytest.raises(SettingsError, match="CF_ID_KEY holds no UTF-8 text"):
        load_settings(tmp_path, {"CF_ID_KEY": content.decode("utf-8", errors="surrogateescape")})


def test_a_folder_in_the_place_of_the_key_is_named(tmp_path: Path) -> None:
    (tmp_path / "data" / "id.key").mkdir(parents=True)
    with pytest.raises(SettingsError, match=r"id\.key is a folder"):
        load_settings(tmp_path, {})
