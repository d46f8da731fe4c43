"""What a council decides about single KPIs, read from pipeline.toml and checked."""

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest

from cf_pipeline.forecast.targets import Target
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
TARGET = """[[targets]]
kpi = "contacts_1wd_pct"
value = 90
from = 2025-04-01
who = "head of service"
when = 2025-03-12
"""
STEP = 'kpi = "contacts_count"\nstart = 2018-10-01\nreason = "a"\nwho = "b"\n'


def load(tmp_path: Path, text: str, **env: str):
    (tmp_path / "pipeline.toml").write_text(text)
    return load_settings(tmp_path, env)


def test_every_decision_reaches_the_choices(tmp_path: Path) -> None:
    choices = load(tmp_path, ALL).choices
    (step,) = choices.step_changes
    assert (choices.method, choices.method_by_kpi) == ("pro_rata", {"referrals_count": "model"})
    assert choices.targets == (Target("contacts_1wd_pct", 90),)
    assert (step.kpi_id, step.authority_code, step.start) == (
        "contacts_count",
        "E09000001",
        dt.date(2018, 10, 1),
    )
    assert (step.reason, step.decided_by) == ("one front door", "head of service")


def test_a_target_has_its_days_its_authority_and_who_decided_it_when(tmp_path: Path) -> None:
    ends = 'until = 2026-03-31\nauthority = "camden"\n'
    assert load(tmp_path, TARGET + ends).choices.targets == (
        Target(
            "contacts_1wd_pct",
            90,
            dt.date(2025, 4, 1),
            dt.date(2026, 3, 31),
            "E09000007",
            "head of service",
            dt.date(2025, 3, 12),
        ),
    )


def test_a_later_target_follows_an_earlier_one(tmp_path: Path) -> None:
    later = TARGET.replace("2025-04-01", "2026-04-01")
    assert len(load(tmp_path, TARGET + "until = 2026-03-31\n" + later).choices.targets) == 2


def test_a_council_s_own_target_may_stand_beside_that_of_all(tmp_path: Path) -> None:
    assert len(load(tmp_path, TARGET + TARGET + 'authority = "camden"').choices.targets) == 2


def test_without_a_decision_the_model_is_shown(tmp_path: Path) -> None:
    assert load(tmp_path, "").choices.method == "model"


def test_the_method_may_come_from_the_environment(tmp_path: Path) -> None:
    assert load(tmp_path, "", CF_FORECAST_SELECTED_METHOD="latest_value").choices.method == "latest_value"


OWN = """
[forecast.methods]
contacts_count = "latest_value"
[authority.camden.forecast]
selected_method = "pro_rata"
[authority.hackney.forecast.methods]
referrals_count = "last_year_remainder"
"""


@pytest.mark.parametrize(
    ("authority_code", "contacts", "referrals"),
    [
        ("E09000007", "pro_rata", "pro_rata"),  # Camden: its own method comes before that of a KPI elsewhere
        ("E09000012", "latest_value", "last_year_remainder"),  # Hackney: for one KPI only
        ("E09000001", "latest_value", "model"),  # no section of its own
    ],
)
def test_an_authority_selects_for_itself_alone(
    tmp_path: Path, authority_code: str, contacts: str, referrals: str
) -> None:
    choices = load(tmp_path, OWN).choices
    rows = pd.DataFrame({"authority_code": authority_code, "kpi_id": ["contacts_count", "referrals_count"]})
    assert choices.selected_methods(rows).tolist() == [contacts, referrals]


def test_an_authority_s_own_method_may_come_from_the_environment(tmp_path: Path) -> None:
    name = "CF_AUTHORITY_KINGSTON_UPON_THAMES_FORECAST_SELECTED_METHOD"
    choices = load(tmp_path, OWN, **{name: "latest_value"}).choices
    assert choices.methods_by_authority["E09000021"].method == "latest_value"
    assert choices.methods_by_authority["E09000007"].method == "pro_rata"
    with pytest.raises(SettingsError, match="'atlantis' is no authority's folder name"):
        load(tmp_path, "", CF_AUTHORITY_ATLANTIS_FORECAST_SELECTED_METHOD="model")


def test_a_decision_moves_the_hash_of_the_inputs(tmp_path: Path) -> None:
    assert load(tmp_path, ALL).settings_that_move_figures() != load(tmp_path, "").settings_that_move_figures()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[forecast.methods]\nreferals_count = "model"', "no KPI referals_count"),
        ('[forecast.methods]\nreferrals_count = "guess"', "'guess' is not a method"),
        ('[targets]\ncontacts_1wd_pct = "most"', "not a number"),
        ("targets = 5", "write it as a table"),
        ("targets = [5]", r"write each one under \[\[targets\]\]"),
        (TARGET.replace("contacts_1wd_pct", "contacts_2wd_pct"), "there is no KPI contacts_2wd_pct"),
        (TARGET.replace("90", '"most"'), "value is wrong or missing"),
        (TARGET.replace("90", "true"), "value is wrong or missing"),
        (TARGET.replace("90", "nan"), "nan is not a number"),
        (TARGET.replace("from", "since"), "since is wrong or missing"),
        (TARGET.replace("2025-04-01", '"April"'), "from is wrong or missing"),
        (TARGET.replace("2025-04-01", "2025-04-01T09:00:00"), "from is wrong or missing"),
        (TARGET.replace("when = 2025-03-12", ""), "when is wrong or missing"),
        (TARGET.replace("head of service", " "), "who is wrong or missing"),
        (TARGET + 'until = "March"', "until is wrong or missing"),
        (TARGET + "until = 2025-03-31", "contacts_1wd_pct ends before it begins"),
        (TARGET + 'authority = "camdem"', "no authority's folder name; did you mean camden"),
        (TARGET + TARGET, "two targets of contacts_1wd_pct hold on 2025-04-01"),
        (
            TARGET + "until = 2026-04-01\n" + TARGET.replace("2025-04-01", "2026-04-01"),
            "two targets of contacts_1wd_pct hold on 2026-04-01",
        ),
        ("authority = 5", r"write it as a table \[authority\] of authorities"),
        ("[authority]\ncamden = 5", r"write it as a table \[authority.camden\] of settings"),
        ("[authority.camdem.forecast]", "'camdem' is no authority's folder name; did you mean camden?"),
        ("[authority.camden.forcast]", "authority.camden.forcast; did you mean authority.camden.forecast?"),
        (
            '[authority.camden.forecast]\nmethod = "model"',
            "unknown setting authority.camden.forecast.method; did you mean",
        ),
        ('[authority.camden.forecast]\nselected_method = "guess"', "'guess' is not a method"),
        ('[authority.camden.forecast.methods]\nreferals_count = "model"', "no KPI referals_count"),
        ('[authority.camden.forecast.methods]\nreferrals_count = "x"', "'x' is not a method"),
        ("[authority.camden.targets]\ncontacts_1wd_pct = 90", "unknown setting authority.camden.targets"),
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
