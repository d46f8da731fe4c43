"""The council's choices in `pipeline.toml`: forecast methods, targets and step changes.

[forecast.methods]          # KPIs with another method than `forecast.selected_method`
referrals_count = "model"

[authority.city-of-london.forecast] # what one authority selects for itself, by its folder's name in raw/
selected_method = "pro_rata"

[authority.city-of-london.forecast.methods]
referrals_count = "model"

[[targets]]                 # the value a KPI should reach; its assurance depends on it
kpi = "contacts_1wd_pct"
value = 90
from = 2025-04-01
until = 2026-03-31          # until further notice when left out
authority = "city-of-london" # all authorities when left out
who = "head of service"
when = 2025-03-12

[targets]                   # the older form, instead: it holds always, for every authority
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
import difflib
import math
import re
from collections.abc import Mapping
from itertools import combinations
from typing import Any

from cf_pipeline.errors import PlainError
from cf_pipeline.forecast.choices import METHOD_NAMES, AuthorityMethods, CouncilChoices, StepChange
from cf_pipeline.forecast.targets import Target

SELECTED, BY_KPI, TARGETS, STEP_CHANGES, AUTHORITY = (
    "forecast.selected_method",
    "forecast.methods",
    "targets",
    "step_changes",
    "authority",
)
DEFAULTS: dict[str, Any] = {SELECTED: "model", BY_KPI: {}, TARGETS: {}, STEP_CHANGES: [], AUTHORITY: {}}
OWN_METHOD = re.compile(r"^CF_AUTHORITY_([A-Z0-9_]+)_FORECAST_SELECTED_METHOD$")
"""The variable that selects the method of one authority, such as CF_AUTHORITY_CITY_OF_LONDON_FORECAST_..."""
_STEP_ENTRIES = {"kpi": str, "start": dt.date, "reason": str, "who": str}
_TARGET_ENTRIES = {"kpi": str, "value": (int, float), "from": dt.date, "who": str, "when": dt.date}
_TARGET_CHOICES = {"until": dt.date, "authority": str}


class ChoiceError(PlainError):
    """A choice names a KPI, method or authority that does not exist, or a value of a wrong type."""


def read_choices(values: Mapping[str, Any], env: Mapping[str, str] | None = None) -> CouncilChoices:
    """The choices among the settings.

    Args:
        values: settings by key, those of DEFAULTS among them.
        env: variables, of which those like OWN_METHOD come before the table `authority`.

    Raises:
        ChoiceError: a KPI, method or authority does not exist, or a value is no number or date.
    """
    steps = values[STEP_CHANGES]
    if not isinstance(steps, list) or not all(isinstance(step, dict) for step in steps):
        raise ChoiceError(
            f"Setting {STEP_CHANGES}: write each one under [[{STEP_CHANGES}]] in pipeline.toml."
        )
    return CouncilChoices(
        _method(SELECTED, values[SELECTED]),
        _methods_by_kpi(BY_KPI, values[BY_KPI]),
        _targets(values[TARGETS]),
        tuple(_step(step) for step in steps),
        _methods_by_authority(values[AUTHORITY], methods_in_environment(env or {})),
    )


def _methods_by_authority(sections: Any, own_methods: Mapping[str, str]) -> dict[str, AuthorityMethods]:
    """The methods that authorities select for themselves, by authority code.

    Args:
        sections: the table `authority`: for each folder's name a table `forecast` with selected_method and
            methods, both optional.
        own_methods: as `methods_in_environment` returns them.

    Raises:
        ChoiceError: an authority, key, method or KPI does not exist; the sentence names it.
    """
    found = {}
    for slug, section in _table(AUTHORITY, sections, "authorities"):
        code, key = _code(slug, AUTHORITY), f"{AUTHORITY}.{slug}.forecast"
        own = _known_entries(f"{AUTHORITY}.{slug}", section, ("forecast",)).get("forecast", {})
        entries = _known_entries(key, own, ("selected_method", "methods"))
        method = entries.get("selected_method")
        found[code] = AuthorityMethods(
            None if method is None else _method(f"{key}.selected_method", method),
            _methods_by_kpi(f"{key}.methods", entries.get("methods", {})),
        )
    for slug, name in own_methods.items():
        code, key = _code(slug, AUTHORITY), f"{AUTHORITY}.{slug}.forecast.selected_method"
        own_choice = found.get(code, AuthorityMethods())
        found[code] = AuthorityMethods(_method(key, name), own_choice.method_by_kpi)
    return found


def methods_in_environment(env: Mapping[str, str]) -> dict[str, str]:
    """The method that each variable of the form OWN_METHOD selects, by the authority's folder name."""
    matches = ((OWN_METHOD.match(variable), method) for variable, method in env.items())
    return {match[1].lower().replace("_", "-"): method for match, method in matches if match}


def _known_entries(key: str, table: Any, names: tuple[str, ...]) -> dict[str, Any]:
    """The entries of a table.

    Raises:
        ChoiceError: it is no table, or an entry has none of the names.
    """
    entries = dict(_table(key, table, "settings"))
    for name in entries:
        if name not in names:
            near = difflib.get_close_matches(name, names, n=1) or names
            raise ChoiceError(f"pipeline.toml: unknown setting {key}.{name}; did you mean {key}.{near[0]}?")
    return entries


def _methods_by_kpi(key: str, table: Any) -> dict[str, str]:
    return {_kpi(key, kpi): _method(f"{key}.{kpi}", name) for kpi, name in _table(key, table)}


def _table(key: str, table: Any, contents: str = "KPIs") -> list[tuple[str, Any]]:
    if not isinstance(table, dict):
        raise ChoiceError(f"Setting {key}: write it as a table [{key}] of {contents} in pipeline.toml.")
    return list(table.items())


def _targets(entries: Any) -> tuple[Target, ...]:
    """The targets of [[targets]], or of the older table [targets] of KPIs.

    Raises:
        ChoiceError: one is wrong, or two hold on the same day.
    """
    if not isinstance(entries, list):
        return tuple(
            Target(_kpi(TARGETS, kpi), _number(f"{TARGETS}.{kpi}", value))
            for kpi, value in _table(TARGETS, entries)
        )
    if not all(isinstance(entry, dict) for entry in entries):
        raise ChoiceError(f"Setting {TARGETS}: write each one under [[{TARGETS}]] in pipeline.toml.")
    targets = tuple(_target(entry) for entry in entries)
    for one, other in combinations(targets, 2):
        if one.overlaps(other):
            raise ChoiceError(
                f"Setting {TARGETS}: two targets of {one.kpi_id} hold on "
                f"{max(one.first_day, other.first_day)}; end the earlier one the day before."
            )
    return targets


def _target(entry: Mapping[str, Any]) -> Target:
    kinds: dict[str, Any] = {**_TARGET_ENTRIES, **_TARGET_CHOICES}
    wrong_entries = sorted(set(entry) - set(kinds)) or [
        name
        for name, kind in kinds.items()
        if (name in entry or name in _TARGET_ENTRIES)
        and (not isinstance(entry.get(name), kind) or isinstance(entry[name], bool | dt.datetime))
    ]
    if not wrong_entries and not entry["who"].strip():
        wrong_entries = ["who"]
    if wrong_entries:
        raise ChoiceError(
            f"Setting {TARGETS}: {wrong_entries[0]} is wrong or missing; each has kpi, value (a number), "
            "from and when (dates as 2025-04-01), who, and where wanted until (a date) and authority."
        )
    target = Target(
        _kpi(TARGETS, entry["kpi"]),
        _number(f"{TARGETS}.value", entry["value"]),
        entry["from"],
        entry.get("until"),
        None if "authority" not in entry else _code(entry["authority"], TARGETS),
        entry["who"].strip(),
        entry["when"],
    )
    if target.last_day < target.first_day:
        raise ChoiceError(
            f"Setting {TARGETS}: the target of {target.kpi_id} ends before it begins; correct from or until."
        )
    return target


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
        None if step.get("authority") is None else _code(step["authority"], STEP_CHANGES),
    )


def _code(slug: str, key: str) -> str:
    from cf_pipeline.contracts.authorities import authorities, authority  # noqa: PLC0415 - few name one

    try:
        return authority(slug).authority_code
    except KeyError:
        slugs = [name for name, place in authorities().items() if place.kind == "local_authority"]
        near = difflib.get_close_matches(str(slug), slugs, n=1, cutoff=0.75)
        suggestion = f"; did you mean {near[0]}?" if near else "."
        raise ChoiceError(f"Setting {key}: {slug!r} is no authority's folder name{suggestion}") from None


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
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ChoiceError(f"Setting {key}: {value!r} is not a number.")
    return float(value)
