"""The council's choices for single KPIs in `pipeline.toml`: forecast methods, targets and step changes.

[forecast.methods]          # KPIs with another method than `forecast.selected_method`
referrals_count = "model"

[targets]                   # the value a KPI should reach; its assurance depends on it
contacts_1wd_pct = 90

[[step_changes]]            # figures before that day measured something else: forecasts and limits start anew
kpi = "contacts_count"
authority = "city-of-london" # all authorities when left out
start = 2018-10-01
reason = "one front door for all contacts"
who = "head of service"
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from cf_pipeline.errors import PlainError
from cf_pipeline.forecast.choices import METHOD_NAMES, CouncilChoices, StepChange

SELECTED, BY_KPI, TARGETS, STEP_CHANGES = (
    "forecast.selected_method",
    "forecast.methods",
    "targets",
    "step_changes",
)
DEFAULTS: dict[str, Any] = {SELECTED: "model", BY_KPI: {}, TARGETS: {}, STEP_CHANGES: []}
_STEP_ENTRIES = {"kpi": str, "start": dt.date, "reason": str, "who": str}


class ChoiceError(PlainError):
    """A choice names a KPI, method or authority that does not exist, or a value of a wrong type."""


def read_choices(values: Mapping[str, Any]) -> CouncilChoices:
    """The choices among the settings.

    Args:
        values: settings by key, those of DEFAULTS among them.

    Raises:
        ChoiceError: a KPI, method or authority does not exist, or a value is no number or date.
    """
    by_kpi = {_kpi(BY_KPI, kpi): _method(f"{BY_KPI}.{kpi}", name) for kpi, name in _table(values, BY_KPI)}
    targets = {
        _kpi(TARGETS, kpi): _number(f"{TARGETS}.{kpi}", value) for kpi, value in _table(values, TARGETS)
    }
    steps = values[STEP_CHANGES]
    if not isinstance(steps, list) or not all(isinstance(step, dict) for step in steps):
        raise ChoiceError(
            f"Setting {STEP_CHANGES}: write each one under [[{STEP_CHANGES}]] in pipeline.toml."
        )
    return CouncilChoices(
        _method(SELECTED, values[SELECTED]), by_kpi, targets, tuple(_step(step) for step in steps)
    )


def _table(values: Mapping[str, Any], key: str) -> list[tuple[str, Any]]:
    if not isinstance(values[key], dict):
        raise ChoiceError(f"Setting {key}: write it as a table [{key}] of KPIs in pipeline.toml.")
    return list(values[key].items())


def _step(step: Mapping[str, Any]) -> StepChange:
    wrong_entries = sorted(set(step) - {*_STEP_ENTRIES, "authority"}) or [
        name for name, kind in _STEP_ENTRIES.items() if not isinstance(step.get(name), kind) or not step[name]
    ]
    if wrong_entries or isinstance(step["start"], dt.datetime):
        raise ChoiceError(
            f"Setting {STEP_CHANGES}: {(wrong_entries or ['start'])[0]} is wrong; each has kpi, start "
            "(a date as 2018-10-01), reason, who, and authority where it is one alone."
        )
    return StepChange(
        _kpi(STEP_CHANGES, step["kpi"]),
        step["start"],
        step["reason"],
        step["who"],
        _code(step.get("authority")),
    )


def _code(slug: str | None) -> str | None:
    from cf_pipeline.contracts.authorities import authority  # noqa: PLC0415 - few settings name one

    try:
        return None if slug is None else authority(slug).authority_code
    except KeyError:
        raise ChoiceError(f"Setting {STEP_CHANGES}: {slug!r} is no authority's folder name.") from None


def _kpi(key: str, kpi_id: str) -> str:
    from cf_pipeline.kpi.definitions.registry import load_registry  # noqa: PLC0415 - few settings name a KPI

    if kpi_id not in load_registry():
        raise ChoiceError(f"Setting {key}: there is no KPI {kpi_id}.")
    return kpi_id


def _method(key: str, name: Any) -> str:
    if name not in METHOD_NAMES:
        raise ChoiceError(f"Setting {key}: {name!r} is not a method; known: {', '.join(METHOD_NAMES)}.")
    return str(name)


def _number(key: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ChoiceError(f"Setting {key}: {value!r} is not a number.")
    return float(value)
