"""What teams have open, due and overdue on a day, and what became of each record, in plain loops."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from tests.second_opinion.counting.areas import (
    assessments,
    care_leavers,
    care_profile_and_reviews,
    care_stock_and_visits,
    child_protection_plans,
    children_missing,
    referrals,
    workforce,
)
from tests.second_opinion.counting.areas.child_protection_plans import newest_review
from tests.second_opinion.counting.days import (
    Quarter,
    plus_days,
    plus_months,
    plus_working_days,
    quarter_of,
    working_days,
)
from tests.second_opinion.counting.deliveries import Row, as_day
from tests.second_opinion.counting.history import History
from tests.second_opinion.counting.lists import ENDS, KEY_DATES
from tests.second_opinion.counting.measures import Item, Kpi, first_of_each

TEAMS = ("allocated_team", "contact_team")
STATUS_ORDER = (
    *("children_in_care", "child_protection_plans", "children_in_need"),
    *("care_leavers", "assessments"),
)
WITH_WORKERS = ("referrals", "assessments", "section_47_enquiries", *STATUS_ORDER)
PROTECTION_VISIT_WORKING_DAYS = 10
"""The interval that the council of the test has set."""


class Today(NamedTuple):
    """The quarter up to a day, in place of a period."""

    end: dt.date

    @property
    def quarter(self) -> Quarter:
        return quarter_of(self.end)

    @property
    def start(self) -> dt.date:
        return self.quarter.start


class Entry(NamedTuple):
    """One row of a list."""

    child: str
    start: dt.date | None
    last: dt.date | None
    due: dt.date | None
    is_counted: bool | None
    category: str | None
    number: int | None
    team: str | None
    has_worker: bool
    days_since: int | None
    working_days_since: int | None
    days_left: int | None


class TodaysLists:
    """The lists of one history on the day of its newest delivery."""

    def __init__(self, history: History) -> None:
        self.history = history
        self.today: Any = Today(history.received.newest)
        self.day: dt.date = self.today.end
        self.cases = workforce.open_cases(history, self.today)

    def every_list(self) -> dict[str, list[Entry]]:
        """Each list by name, its rows in no order."""
        return {
            "contacts_undecided": self._contacts_undecided(),
            "contacts_recent": self._contacts_recent(),
            "referrals_undecided": self._referrals_undecided(),
            "rereferrals": self._rereferrals(),
            "assessments_open": self._assessments_open(),
            "enquiries_awaiting_conference": self._enquiries(),
            "protection_visits": self._protection_visits(),
            "protection_reviews": self._protection_reviews(),
            "care_visits": self._care_visits(),
            "care_reviews": self._care_reviews(),
            "care_placements": self._care_placements(),
            "missing_now": self._missing_now(),
            "return_interviews_due": self._interviews_due(),
            **self._care_leavers(),
            "caseload": self._caseload(self.cases),
            "unallocated": self._caseload(workforce.unallocated(self.history, self.today)),
        }

    def _entry(self, row: Row, **known: Any) -> Entry:
        """A row of a list, with its team, worker, and the days to and from its dates."""
        child = row["child_id"]
        start, last, due = (known.get(name) for name in ("start", "last", "due"))
        since = last or start
        team = next((row[name] for name in TEAMS if row.get(name) is not None), None)
        worker = row.get("allocated_worker")
        has_workers = row["_list"] in WITH_WORKERS
        return Entry(
            child,
            start,
            last,
            due,
            known.get("is_counted"),
            known.get("category"),
            known.get("number"),
            team or self._of_case(child, "allocated_team"),
            (worker if has_workers else self._of_case(child, "allocated_worker")) is not None,
            None if since is None else (self.day - since).days,
            working_days(since, self.day),
            None if due is None else (due - self.day).days,
        )

    def _of_case(self, child: str, column: str) -> Any:
        """What the child's open cases say: the first of the lists that says it."""
        for name in STATUS_ORDER:
            for item in self.cases:
                if item.row["_list"] == name and item.person == child and item.row[column] is not None:
                    return item.row[column]
        return None

    def _counted_by(self, kpi: Kpi) -> Callable[[Row], bool]:
        items = kpi.top(self.history, self.today)
        counted = [item.row.get("_key", item.row["child_id"]) for item in items]
        return lambda row: row.get("_key", row["child_id"]) in counted

    def _open(self, name: str, start: str, end: str) -> Iterable[Row]:
        for row in self.history.rows(name):
            begun, over = as_day(row[start]), as_day(row[end])
            ends = [day for day in (over, row["_gone"]) if day is not None]
            if begun is not None and begun <= self.day and all(day > self.day for day in ends):
                yield row

    def _contacts_undecided(self) -> list[Entry]:
        return [
            self._entry(
                row,
                start=row["contact_date"],
                due=plus_working_days(row["contact_date"], 1),
                category=row["contact_source"],
            )
            for row in self._open("contacts", "contact_date", "contact_completed_date")
        ]

    def _contacts_recent(self) -> list[Entry]:
        first = plus_months(self.day.replace(day=1), -1)
        return [
            self._entry(
                row,
                start=row["contact_date"],
                last=row["contact_completed_date"],
                category=row["contact_source"],
            )
            for row in self.history.events("contacts", "contact_date", first, self.day)
        ]

    def _referrals_undecided(self) -> list[Entry]:
        found = []
        for row in self.history.rows("referrals"):
            day = row["referral_date"]
            if day is None or day > self.day or row["referral_nfa"] not in (None, "U"):
                continue
            linked = referrals.assessment_of(self.history, row)
            if linked is None or linked["assessment_start_date"] > self.day:
                due = plus_working_days(day, 1)
                found.append(self._entry(row, start=day, due=due, category=row["referral_source"]))
        return found

    def _rereferrals(self) -> list[Entry]:
        found = []
        for item in referrals.KPIS["rereferrals_12m_pct"].top(self.history, self.today):
            day = item.row["referral_date"]
            closed = [
                (row["cin_closure_date"], row["closure_reason"])
                for row in self.history.of_child("children_in_need", item.person)
                if row["cin_closure_date"] is not None and row["cin_closure_date"] <= day
            ]
            date, reason = max(closed, key=lambda closure: closure[0], default=(None, None))
            found.append(self._entry(item.row, start=day, last=date, category=reason))
        return found

    def _assessments_open(self) -> list[Entry]:
        is_late = self._counted_by(assessments.KPIS["assess_open_over_45wd_count"])
        return [
            self._entry(
                item.row,
                start=item.row["assessment_start_date"],
                due=plus_working_days(item.row["assessment_start_date"], 45),
                is_counted=is_late(item.row),
            )
            for item in assessments.OPEN_ASSESSMENTS(self.history, self.today)
        ]

    def _enquiries(self) -> list[Entry]:
        found = []
        for row in self._open("section_47_enquiries", "s47_start_date", "icpc_date"):
            start = row["s47_start_date"]
            held = [
                other["icpc_date"]
                for other in self.history.of_child("section_47_enquiries", row["child_id"])
                if other["icpc_date"] is not None and start <= other["icpc_date"] <= self.day
            ]
            if row["icpc_unnecessary"] != "Y" and not held:
                found.append(self._entry(row, start=start, due=plus_working_days(start, 15)))
        return found

    def _protection_visits(self) -> list[Entry]:
        is_visited = self._counted_by(child_protection_plans.KPIS["cpp_visit_in_time_pct"])
        found = []
        for item in child_protection_plans.PLANS(self.history, self.today):
            shown = self.history.near_row(item.row, self.day) or {}
            start, last = item.row["cp_plan_start_date"], shown.get("cp_last_visit_date")
            due = plus_working_days(last or start, PROTECTION_VISIT_WORKING_DAYS)
            category = item.row["cp_latest_category"]
            counted = is_visited(item.row)
            found.append(
                self._entry(item.row, start=start, last=last, due=due, category=category, is_counted=counted)
            )
        return found

    def _next_review(
        self, name: str, column: str, child: str, first: tuple[dt.date, dt.date, int]
    ) -> tuple[dt.date | None, dt.date]:
        """The last review of a child up to the day, and when the next is due.

        `first`: the start of the record, the day the first review is due, and the months to the second.
        """
        start, due, months = first
        known_from = min(each.covers_from(name) for each in self.history.received.of(name))
        is_older = start < known_from
        if is_older:
            start, due = known_from, plus_months(known_from, 6)
        last = newest_review(self.history, name, column, child, start, self.day)
        if last is None:
            return None, due
        return last, plus_months(last, months if last <= due and not is_older else 6)

    def _protection_reviews(self) -> list[Entry]:
        is_in_time = self._counted_by(child_protection_plans.KPIS["cpp_review_in_time_pct"])
        found = []
        for item in child_protection_plans.PLANS(self.history, self.today):
            start = item.row["cp_plan_start_date"]
            last, due = self._next_review(
                "cp_reviews", "cp_review_date", item.person, (start, plus_months(start, 3), 6)
            )
            category, counted = item.row["cp_latest_category"], is_in_time(item.row)
            found.append(
                self._entry(item.row, start=start, last=last, due=due, category=category, is_counted=counted)
            )
        return found

    def _care_visits(self) -> list[Entry]:
        is_visited = self._counted_by(care_stock_and_visits.KPIS["cla_visit_uptodate_pct"])
        found = []
        for item in self._in_care():
            shown = self.history.near_row(item.row, self.day) or {}
            start, last, plan = item.row["cla_start_date"], shown["last_visit_date"], shown["permanence_plan"]
            if last is not None:
                due = plus_days(last, 91 if plan in ("LTFOST", "RESPLMT") else 42)
            else:
                due = plus_days(shown["placement_start_date"] or start, 7)
            counted = is_visited(item.row)
            found.append(
                self._entry(item.row, start=start, last=last, due=due, category=plan, is_counted=counted)
            )
        return found

    def _care_reviews(self) -> list[Entry]:
        is_in_time = self._counted_by(care_profile_and_reviews.KPIS["cla_review_in_time_pct"])
        found = []
        for item in self._in_care():
            start = item.row["cla_start_date"]
            last, due = self._next_review(
                "cla_reviews", "cla_review_date", item.person, (start, plus_working_days(start, 20), 3)
            )
            shown = self.history.near_row(item.row, self.day) or {}
            category, counted = shown["legal_status"], is_in_time(item.row)
            found.append(
                self._entry(item.row, start=start, last=last, due=due, category=category, is_counted=counted)
            )
        return found

    def _in_care(self) -> list[Item]:
        return care_stock_and_visits.in_care(self.history, self.today)

    def _care_placements(self) -> list[Entry]:
        has_three = self._counted_by(care_stock_and_visits.KPIS["cla_3plus_placements_count"])
        found = []
        for item in self._in_care():
            shown = self.history.near_row(item.row, self.day) or {}
            found.append(
                self._entry(
                    item.row,
                    start=item.row["cla_start_date"],
                    last=shown["placement_start_date"],
                    category=shown["placement_type"],
                    number=shown["placements_last_12m"],
                    is_counted=has_three(item.row),
                )
            )
        return found

    def _missing_now(self) -> list[Entry]:
        is_in_care = self._counted_by(children_missing.KPIS["missing_cla_open_stock"])
        return [
            self._entry(row, start=as_day(row["missing_start"]), is_counted=is_in_care(row))
            for row in self._open("missing_episodes", "missing_start", "missing_end")
            if row["missing_type"] in ("M", None)
        ]

    def _interviews_due(self) -> list[Entry]:
        found = []
        for row in self.history.rows("missing_episodes"):
            back, held = as_day(row["missing_end"]), row["rhi_date"]
            is_due = back is not None and back <= self.day and (held is None or held > self.day)
            if is_due and row["missing_type"] in ("M", None) and row["rhi_accepted"] != "N":
                found.append(
                    self._entry(row, start=back, due=plus_days(back, 3), category=row["rhi_offered"])
                )
        return found

    def _care_leavers(self) -> dict[str, list[Entry]]:
        found: dict[str, list[Entry]] = {
            name: [] for name in ("contact", "plan", "accommodation", "activity")
        }
        counted = {
            name: self._counted_by(care_leavers.KPIS[kpi])
            for name, kpi in (
                ("contact", "cl_in_touch_plan_pct"),
                ("plan", "cl_pathway_plan_uptodate_pct"),
                ("accommodation", "cl_suitable_accom_pct"),
                ("activity", "cl_eet_pct"),
            )
        }
        for item in first_of_each(care_leavers.leavers(self.history, self.today)):
            row, plans = item.row, care_leavers.plans_known(self.history, item.row)
            latest = row["latest_contact_date"]
            frequency = (plans[-1]["contact_frequency_days"] if plans else None) or 56
            reviewed = [plan["pathway_plan_review_date"] for plan in plans]
            reviewed += [row["pathway_plan_review_date"]] if row["pathway_plan_review_date"] else []
            plan = max(reviewed, default=None)
            known = {
                "contact": {
                    "last": latest,
                    "due": None if latest is None else plus_days(latest, int(frequency)),
                    "category": row["in_touch"],
                },
                "plan": {
                    "last": plan,
                    "due": None if plan is None else plus_months(plan, 6),
                    "category": row["eligibility"],
                },
                "accommodation": {"category": row["accommodation_type"]},
                "activity": {"category": row["activity_status"]},
            }
            for name, values in known.items():
                found[name].append(self._entry(row, is_counted=counted[name](row), **values))
        return {f"care_leaver_{name}": entries for name, entries in found.items()}

    def _caseload(self, cases: list[Item]) -> list[Entry]:
        found = []
        for item in cases:
            name = item.row["_list"]
            lists = [case.row["_list"] for case in self.cases if case.person == item.person]
            status = next(each for each in STATUS_ORDER if each in lists)
            start = item.row.get(KEY_DATES.get(name, ""))
            found.append(self._entry(item.row, start=start, category=status))
        return found


ENDS_OF_ANY = ENDS | {"early_help_referrals": "early_help_end_date", "missing_episodes": "missing_end"}
"""With the ends of two lists of events: an early help episode ends, and a missing child returns."""


class Change(NamedTuple):
    """What became of one record since the delivery before."""

    list: str
    child: str
    day: dt.date | None
    kind: str
    before: str | None = None
    after: str | None = None


def changes(history: History) -> list[Change]:
    """The records that are new, closed or open again in the newest delivery, and those of another team."""
    found = []
    for name, key_date in KEY_DATES.items():
        received = history.received.of(name)
        if name == "adopters" or len(received) < 2 or received[-1].as_at != history.received.newest:
            continue
        for row in history.rows(name):
            states = history.merged(name).states(row["_key"])
            (newest, now), earlier = states[-1], states[:-1]
            if newest.as_at != history.received.newest:
                continue
            child, day = row["child_id"], as_day(now[key_date])
            if not earlier:
                found.append(Change(name, child, day, "new"))
                continue
            before = earlier[-1][1]
            ended, ends = (each.get(ENDS_OF_ANY.get(name, "")) for each in (before, now))
            if ended is None and ends is not None:
                found.append(Change(name, child, day, "closed"))
            if ended is not None and ends is None:
                found.append(Change(name, child, day, "reopened"))
            found += [
                Change(name, child, day, "team", before[column], now[column])
                for column in TEAMS
                if column in now and before[column] != now[column]
            ]
    return found


EVENTS = {
    "contacts": ("contact_date", "contact_completed_date"),
    "referrals": ("referral_date",),
    "assessments": ("assessment_start_date", "assessment_authorised_date"),
    "section_47_enquiries": ("s47_start_date",),
    "children_in_need": ("cin_start_date", "cin_closure_date"),
    "child_protection_plans": ("cp_plan_start_date", "cp_plan_end_date"),
    "cp_visits": ("cp_visit_date",),
    "cp_reviews": ("cp_review_date",),
    "children_in_care": ("cla_start_date", "cla_end_date"),
    "cla_episodes": ("cla_episode_start_date", "cla_episode_end_date"),
    "cla_placements": ("placement_start_date", "placement_end_date"),
    "cla_visits": ("cla_visit_date",),
    "missing_episodes": ("missing_start", "missing_end", "rhi_date"),
    "early_help_referrals": ("early_help_referral_date", "early_help_start_date", "early_help_end_date"),
    "early_help_assessments": ("eh_assessment_start_date", "eh_assessment_completion_date"),
    "short_breaks": ("short_break_start_date", "short_break_end_date"),
    "pathway_plans": ("pathway_plan_review_date",),
}
"""The dates of each list that are an event of every row."""


def events(history: History) -> list[tuple[str, dt.date, str]]:
    """The child, the day and the list of each event."""
    return [
        (row["child_id"], day, name)
        for name, columns in EVENTS.items()
        for row in history.rows(name)
        for column in columns
        if (day := as_day(row[column])) is not None
    ]
