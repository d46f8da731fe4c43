"""One council: from nothing, again with its record lost, with nothing new, and one figure explained."""

from __future__ import annotations

from benchmarks.cost import Cost
from benchmarks.figure import Figure, figure_in_units
from benchmarks.night_cases.plan import Plan
from benchmarks.project import Project

THREE_ROWS_BAR, SAMPLE_BAR, RECORD_LOST_BAR, NOTHING_NEW_BAR, EXPLAIN_BAR = 3.5, 8.0, 3.0, 0.4, 1.0
EXPLAINED = ("contacts_count", "2019/20 Q3")


def three_rows(plan: Plan) -> list[Figure]:
    """A council with one list of three rows, from nothing to what is published."""
    project = plan.project("three-rows")
    project.deliver_contacts()
    ratio = plan.measure(lambda: _run_from_nothing(project))
    return [figure_in_units("three-rows", "three rows from nothing", ratio, THREE_ROWS_BAR)]


def sample(plan: Plan) -> list[Figure]:
    """The sample of `cf-pipeline sample`, from nothing."""
    project = _sample_project(plan, "sample")
    ratio = plan.measure(lambda: _run_from_nothing(project))
    return [figure_in_units("sample", "the sample from nothing", ratio, SAMPLE_BAR)]


def record_lost(plan: Plan) -> list[Figure]:
    """The sample run again when only the record of its last run is lost."""
    project = _sample_project(plan, "record-lost")
    project.measure("run")

    def run_without_record() -> Cost:
        project.last_run.unlink()
        return project.measure("run")

    ratio = plan.measure(run_without_record)
    return [figure_in_units("record-lost", "the sample, its last_run.json lost", ratio, RECORD_LOST_BAR)]


def nothing_new(plan: Plan) -> list[Figure]:
    """The sample run again although nothing is new."""
    project = _sample_project(plan, "nothing-new")
    project.measure("run")
    ratio = plan.measure(lambda: project.measure("run"))
    return [figure_in_units("nothing-new", "the sample with nothing new", ratio, NOTHING_NEW_BAR)]


def explain(plan: Plan) -> list[Figure]:
    """One figure of the sample explained."""
    project = _sample_project(plan, "explain")
    project.measure("run")
    ratio = plan.measure(lambda: project.measure("explain", *EXPLAINED, allowed=(0,)))
    return [figure_in_units("explain", " ".join(("explain", *EXPLAINED)), ratio, EXPLAIN_BAR)]


def _sample_project(plan: Plan, name: str) -> Project:
    project = plan.project(name)
    project.measure("sample")
    return project


def _run_from_nothing(project: Project) -> Cost:
    project.remove_data()
    return project.measure("run")
