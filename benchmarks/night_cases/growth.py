"""How the cost grows with the deliveries of a council: from nothing, and of one new delivery on top."""

from __future__ import annotations

from benchmarks.cost import Cost, Ratio
from benchmarks.figure import Figure, figure_in_units
from benchmarks.night_cases.plan import Plan
from benchmarks.project import Project, write_councils

COUNTS, QUICK_COUNTS = (4, 8, 16, 24), (4, 8)
"""Deliveries of the council, its extract of one year included."""
SIZE = {"years": 1, "children": 2000, "plan": 8}
"""An extract of one year; with 2,000 children in eight years a delivery is about as large as the sample's."""
NEW_DELIVERY_BAR, NEW_DELIVERY_GROWTH_BAR, GROWTH_BAR = 5.0, 1.25, 1.2
FROM_NOTHING_TIMES = 3


def deliveries(plan: Plan) -> list[Figure]:
    """For each number of deliveries: from nothing, then one new delivery, with the state before it kept."""
    counts = QUICK_COUNTS if plan.is_quick else COUNTS
    costs = {count: _measure(plan, count) for count in counts}
    figures = []
    for count, (from_nothing, new) in costs.items():
        name = f"a new delivery on top of {count}"
        figures.append(figure_in_units("new-delivery", name, new, NEW_DELIVERY_BAR))
        figures.append(figure_in_units("deliveries", f"{count} deliveries from nothing", from_nothing, None))
    return [*figures, _new_delivery_growth(costs), *_growth(costs)]


def _measure(plan: Plan, count: int) -> tuple[Ratio, Ratio]:
    project = plan.project(f"deliveries-{count}")
    write_councils(project.raw, deliveries=count - 1, **SIZE)
    from_nothing = plan.measure(lambda: _run_from_nothing(project), min(plan.times, FROM_NOTHING_TIMES))
    project.keep_data()
    write_councils(project.raw, deliveries=count, skip=count, **SIZE)
    return from_nothing, plan.measure(lambda: _run_from_kept(project))


def _new_delivery_growth(costs: dict[int, tuple[Ratio, Ratio]]) -> Figure:
    values = {count: new.in_units for count, (_, new) in costs.items()}
    detail = ", ".join(f"{count}: {value:.2f} B" for count, value in values.items())
    growth = max(values.values()) / min(values.values())
    return Figure("new-delivery", "dearest over cheapest", growth, "times", NEW_DELIVERY_GROWTH_BAR, detail)


def _growth(costs: dict[int, tuple[Ratio, Ratio]]) -> list[Figure]:
    """The cost a delivery at most deliveries over that at fewest, and the cost of one more delivery."""
    totals = {count: from_nothing.in_units for count, (from_nothing, _) in costs.items()}
    fewest, most = min(totals), max(totals)
    shares = {count: total / count for count, total in totals.items()}
    detail = ", ".join(f"{count}: {share:.2f} B" for count, share in shares.items())
    name = f"cost a delivery at {most} over that at {fewest}"
    figures = [Figure("deliveries", name, shares[most] / shares[fewest], "times", GROWTH_BAR, detail)]
    steps = list(zip(list(totals)[:-1], list(totals)[1:], strict=True))
    more = {(a, b): (totals[b] - totals[a]) / (b - a) for a, b in steps}
    if len(more) > 1:
        first, last = more[steps[0]], more[steps[-1]]
        detail = ", ".join(f"{a} to {b}: {cost:.2f} B" for (a, b), cost in more.items())
        name = "one more delivery, last step over first"
        figures.append(Figure("deliveries", name, last / first, "times", GROWTH_BAR, detail))
    return figures


def _run_from_nothing(project: Project) -> Cost:
    project.remove_data()
    return project.measure("run")


def _run_from_kept(project: Project) -> Cost:
    project.restore_data()
    return project.measure("run")
