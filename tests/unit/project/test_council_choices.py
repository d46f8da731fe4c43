"""What a council decides about single KPIs, read from pipeline.toml and checked."""

import datetime as dt
from pathlib import Path

import pytest

from cf_pipeline.project.settings import SettingsError, load_settings

ALL = """
[forecast]
selected_method = "pro_rata"
[forecast.methods]
referrals_count = "model"
[targets]
contacts_1wd_pct = 90
[[step_changes]]
kpi = "contacts_count"
authority = "city-of-london"
start = 2018-10-01
reason = "one front door"
who = "head of service"
"""
STEP = 'kpi = "contacts_count"\nstart = 2018-10-01\nreason = "a"\nwho = "b"\n'


def load(tmp_path: Path, text: str, **env: str):
    (tmp_path / "pipeline.toml").write_text(text)
    return load_settings(tmp_path, env)


def test_every_decision_reaches_the_choices(tmp_path: Path) -> None:
    choices = load(tmp_path, ALL).choices
    (step,) = choices.step_changes
    assert (choices.method, choices.method_by_kpi) == ("pro_rata", {"referrals_count": "model"})
    assert choices.targets == {"contacts_1wd_pct": 90}
    assert (step.kpi_id, step.authority_code, step.start) == (
        "contacts_count",
        "E09000001",
        dt.date(2018, 10, 1),
    )
    assert (step.reason, step.decided_by) == ("one front door", "head of service")


def test_without_a_decision_the_model_is_shown(tmp_path: Path) -> None:
    assert load(tmp_path, "").choices.method == "model"


def test_the_method_may_come_from_the_environment(tmp_path: Path) -> None:
    assert load(tmp_path, "", CF_FORECAST_SELECTED_METHOD="latest_value").choices.method == "latest_value"


def test_a_decision_moves_the_hash_of_the_inputs(tmp_path: Path) -> None:
    assert load(tmp_path, ALL).settings_that_move_figures() != load(tmp_path, "").settings_that_move_figures()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[forecast.methods]\nreferals_count = "model"', "no KPI referals_count"),
        ('[forecast.methods]\nreferrals_count = "guess"', "'guess' is not a method"),
        ('[targets]\ncontacts_1wd_pct = "most"', "not a number"),
        ("targets = 5", "write it as a table"),
        ("step_changes = 5", r"\[\[step_changes\]\]"),
        ("[[step_changes]]\n" + STEP.replace('who = "b"', 'who = ""'), "who is wrong"),
        ("[[step_changes]]\n" + STEP.replace("2018-10-01", '"October"'), "start is wrong"),
        ("[[step_changes]]\n" + STEP.replace("2018-10-01", "2018-10-01T09:00:00"), "start is wrong"),
        ("[[step_changes]]\n" + STEP + "by = 1", "by is wrong"),
        ("[[step_changes]]\n" + STEP + 'authority = "atlantis"', "no authority"),
    ],
)
def test_a_wrong_decision_is_one_sentence(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        load(tmp_path, text)
