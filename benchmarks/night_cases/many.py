"""Many councils: all of London from nothing and with one new delivery; five large ones beside one."""

from __future__ import annotations

from benchmarks.cost import Cost, median_cost
from benchmarks.figure import Figure, figure_in_units
from benchmarks.night_cases.plan import Plan
from benchmarks.project import Project, folder_bytes, write_councils

COUNCILS, QUICK_COUNCILS = 33, 3
YEARS, DELIVERIES = 4, 4
SIZE = {"years": YEARS, "plan": 6}
"""One case system keeps six years before 2019/20: the extract, the deliveries and a new one are of them."""
ONE_OF_THEM = "barnet"
LARGE_COUNCILS, LARGE_CHILDREN, QUICK_CHILDREN = 5, 5000, 1000
WALL_MINUTES_BAR, PEAK_MB_BAR, DATA_MB_BAR, STORE_MB_BAR = 20.0, 1500.0, 2000.0, 1.0
ONE_DELIVERY_BAR, MEMORY_GROWTH_BAR = 8.0, 1.25
MEGABYTE = 1_000_000


def councils(plan: Plan) -> list[Figure]:
    """Every council from nothing; then again, with one new delivery in one of them."""
    count = QUICK_COUNCILS if plan.is_quick else COUNCILS
    project = plan.project("councils")
    write_councils(project.raw, councils=count, deliveries=DELIVERIES, **SIZE)
    project.measure("init")
    store_before = _store_mb(project)
    all_ratio = plan.measure(lambda: project.measure("run"), times=1)
    cost = all_ratio.cost
    of = f"{count} councils of {1 + DELIVERIES} deliveries"
    store = (_store_mb(project) - store_before) / count
    figures = [
        figure_in_units("councils", f"{of} from nothing", all_ratio, None),
        Figure("councils", "wall time from nothing", cost.wall_seconds / 60, "minutes", WALL_MINUTES_BAR, of),
        Figure("councils", "peak memory of any process", cost.peak_mb, "MB", PEAK_MB_BAR, "publish included"),
        Figure("councils", "size of data/", folder_bytes(project.data) / MEGABYTE, "MB", DATA_MB_BAR, of),
        Figure("councils", "growth of Dagster's store an authority run", store, "MB", STORE_MB_BAR),
    ]
    project.keep_data()
    write_councils(project.raw, only=ONE_OF_THEM, deliveries=DELIVERIES + 1, skip=1 + DELIVERIES, **SIZE)
    ratio = plan.measure(lambda: _run_from_kept(project))
    name = f"one new delivery in one of {count}, to published"
    return [*figures, figure_in_units("councils", name, ratio, ONE_DELIVERY_BAR)]


def large_councils(plan: Plan) -> list[Figure]:
    """Peak memory of five large councils, from nothing, beside that of one."""
    children = QUICK_CHILDREN if plan.is_quick else LARGE_CHILDREN
    peaks: dict[int, Cost] = {}
    for count in (1, LARGE_COUNCILS):
        project = plan.project(f"large-{count}")
        write_councils(project.raw, councils=count, deliveries=DELIVERIES, children=children, **SIZE)
        peaks[count] = median_cost([project.measure("run")])
    growth = peaks[LARGE_COUNCILS].peak_mb / peaks[1].peak_mb
    detail = ", ".join(
        f"{count} of {children:,} children: {cost.peak_mb:.0f} MB, {cost.cpu_seconds:.0f} s of CPU"
        for count, cost in peaks.items()
    )
    return [
        Figure("large", "peak memory of five councils over one", growth, "times", MEMORY_GROWTH_BAR, detail)
    ]


def _store_mb(project: Project) -> float:
    return folder_bytes(project.data / "dagster") / MEGABYTE


def _run_from_kept(project: Project) -> Cost:
    project.restore_data()
    return project.measure("run")
