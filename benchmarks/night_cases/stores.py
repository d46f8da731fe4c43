"""What is written at the end: tables and views of the warehouse, and the workbook of many issues."""

from __future__ import annotations

import json

from benchmarks.cost import PYTHON, Cost, read_output
from benchmarks.figure import Figure, figure_in_units
from benchmarks.night_cases.plan import Plan

WORKBOOK_BAR = 4.0


def load(plan: Plan) -> list[Figure]:
    """The tables of a publication of several councils, beside a bare load of the same rows."""
    return _measure_publication(plan, "load")


def views(plan: Plan) -> list[Figure]:
    """Queries of every view on the publication of 33 councils."""
    return _measure_publication(plan, "views")


def _measure_publication(plan: Plan, name: str) -> list[Figure]:
    project = plan.project(name)
    project.measure("sample")
    project.measure("run")
    command = [PYTHON, "-m", f"benchmarks.{name}", str(project.data), "--times", str(plan.times), "--json"]
    return [Figure(**row) for row in json.loads(read_output(command, allowed=(0, 1)))]


def workbook(plan: Plan) -> list[Figure]:
    """Both editions of the data-quality workbook of 30,000 issues, imports left out."""

    def measure() -> Cost:
        return Cost(**json.loads(read_output([PYTHON, "-m", "benchmarks.issue_workbook", "--json"])))

    return [
        figure_in_units("workbook", "both editions of 30,000 issues", plan.measure(measure), WORKBOOK_BAR)
    ]
