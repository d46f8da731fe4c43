"""`cf-pipeline run` and `publish`: the Dagster graph in this process, authority by authority.

The one module on the domain's side that may import `assets`, and only inside a command.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pandas as pd
from upath import UPath

from cf_pipeline import warehouse
from cf_pipeline.cli.console import Progress, say, show
from cf_pipeline.ingest.receive import find_authorities, misnamed_folders
from cf_pipeline.project.acceptances import accepted_content
from cf_pipeline.project.input_hash import inputs_hash, received_hash
from cf_pipeline.project.last_run import LastRun, Line, recall, remember
from cf_pipeline.project.locks import RunLock
from cf_pipeline.project.settings import Settings
from cf_pipeline.project.setup import prepare

if TYPE_CHECKING:
    from assets.support.in_process import Session

OK, FAILED, REFUSED = 0, 1, 2
RECEIVED, TAKEN = ("raw", "deliveries"), ("clean", "deliveries")
LEDGER, QUARTERLY, HEADLINES = ("core", "row_ledger"), ("kpi", "quarterly"), ("kpi", "headlines")
RESTS_ON = (RECEIVED, TAKEN, LEDGER, QUARTERLY, HEADLINES)
COMPARATORS = ("reference", "comparators")
SHOWN = ("committee_report.html", "data_quality.xlsx", "restricted/data_quality_by_child.xlsx")


@dataclass
class Story:
    """What happened, in plain sentences: what was refused, what failed, who has no new figures."""

    refusals: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    without_figures: set[str] = field(default_factory=set)


def run(settings: Settings) -> int:
    """Everything found in the drop zone; returns the exit status."""
    settings.required_id_key()
    found, misnamed = find_authorities(settings.raw), misnamed_folders(settings.raw)
    if not found:
        for sentence in misnamed:
            say(f"Refused: {sentence}")
        say(
            f"{settings.raw} holds no authority's folder: put files in {settings.raw.name}/<authority>/"
            "<as-at date>/, or run `cf-pipeline sample` for a synthetic one.",
            error=True,
        )
        return REFUSED if misnamed else FAILED
    prepare(settings)
    lock = RunLock(settings.data / "locks", "_run")
    if not lock.try_acquire():
        say("Another run is under way; waiting for it to end.")
        lock.acquire()
    try:
        return _unless_nothing_new(settings, found, misnamed)
    finally:
        lock.release()


def publish(settings: Settings) -> int:
    """The warehouse and the outputs built again from the lake; returns the exit status."""
    settings.required_id_key()
    prepare(settings)
    _quieten()
    from assets.support.in_process import session

    with session(settings) as here, Progress(here.steps("publish_job")) as progress:
        progress.start("publishing")
        ended = here.publish(progress.step)
    if not ended.succeeded:
        say(ended.sentence, error=True)
        return FAILED
    say(f"Published again from the lake: {settings.warehouse_shown}")
    return OK


def lake_tables(
    settings: Settings, authority: str | None
) -> Callable[[tuple[str, ...]], pd.DataFrame | None]:
    """Reads a table of an authority (or of none) by its key; None when it has not been written."""
    prepare(settings)
    from assets.support.in_process import session

    def read(key: tuple[str, ...]) -> pd.DataFrame | None:
        with session(settings) as here:
            return here.table(key, authority)

    return read


def _unless_nothing_new(settings: Settings, found: list[str], misnamed: list[str]) -> int:
    received = {
        name: received_hash(settings.raw, name, accepted_content(settings.data, name)) for name in found
    }
    inputs = inputs_hash(received, settings.settings_that_move_figures())
    before = warehouse.read(settings.warehouse_url, "publication")
    last = recall(settings.data)
    if last is not None and last.inputs_hash == inputs and _is_all_there(settings, before, last):
        say("Nothing new since the last publication: nothing was loaded, every figure stays as it is.")
        show(settings, last, misnamed)
        return REFUSED if last.refusals or misnamed else OK
    story = Story()
    lines = _worked_out(settings, found, story)
    after = warehouse.read(settings.warehouse_url, "publication")
    for sentence in story.failures:
        say(f"Failed: {sentence}", error=True)
    if not story.failures and _is_identical(before, after):
        say("Worked out again: every figure is identical to the last digit.")
    now = LastRun("" if after.empty else _one(after, "run_id"), inputs, lines, tuple(story.refusals))
    show(settings, now, misnamed)
    if story.failures:
        return FAILED
    if now.published_by:
        remember(settings.data, now)
    return REFUSED if now.refusals or misnamed else OK


def _is_all_there(settings: Settings, publication: pd.DataFrame, last: LastRun) -> bool:
    """Whether that run's publication is the one in the warehouse, and what it made still lies there."""
    if publication.empty or _one(publication, "run_id") != last.published_by:
        return False
    lake: Any = UPath(settings.lake)
    made = [line.authority for line in last.lines if line.files_read is not None]
    tables = [lake.joinpath(*key, f"{name}.parquet") for name in made for key in RESTS_ON]
    files = [settings.outputs / name / file for name in made for file in SHOWN]
    return all(bool(path.exists()) for path in tables) and all(path.is_file() for path in files)


def _worked_out(settings: Settings, found: list[str], story: Story) -> tuple[Line, ...]:
    """Every authority run, then one publish; returns the lines of the table."""
    _quieten()
    from assets.support.in_process import session

    was = _as_at(_published(settings))
    with session(settings) as here:
        here.register(found)
        steps = here.steps("authority_job") * len(found) + here.steps("publish_job")
        with Progress(steps) as progress:
            for name in found:
                progress.start(name)
                _work_on(here, name, progress, story)
            story.refusals += _refused_reference(here)
            if any(here.table(HEADLINES, name) is not None for name in here.registered()):
                progress.start("publishing")
                ended = here.publish(progress.step)
                if not ended.succeeded:
                    story.failures.append(f"publishing: {ended.sentence}")
        published = _published(settings)
        lines = [_line(here, name, published, name in story.without_figures) for name in found]
    return tuple(_with_withdrawn(line, was.get(line.authority, "")) for line in lines)


def _with_withdrawn(line: Line, was: str) -> Line:
    """The line, which says so when figures as at a later date were published before (ISO dates, '' none)."""
    return replace(line, withdrawn_as_at=was) if line.as_at and was > line.as_at else line


def _work_on(here: Session, name: str, progress: Progress, story: Story) -> None:
    """One authority; whatever happens to it is told and stops no other."""
    ended = here.run_authority(name, progress.step)
    manifest = here.table(TAKEN if ended.succeeded else RECEIVED, name)
    told = list(manifest.attrs.get("refusals", [])) if manifest is not None else []
    if ended.succeeded:
        story.refusals += told
        return
    story.without_figures.add(name)
    if ended.is_refusal:
        is_of_this_run = told and " ".join(told) == ended.sentence
        story.refusals += told if is_of_this_run else [ended.sentence]
    else:
        story.refusals += told
        story.failures.append(f"{name}: {ended.sentence}")


def _refused_reference(here: Session) -> list[str]:
    """The published files of raw/_reference/ that no figure rests on, one sentence each."""
    comparators = here.table(COMPARATORS)
    return [] if comparators is None else [str(each) for each in comparators.attrs.get("refusals", [])]


def _line(here: Session, name: str, published: pd.DataFrame, is_without: bool) -> Line:
    row = published[published["slug"].eq(name)]
    as_at = _as_at(published).get(name, "")
    kpis = 0 if row.empty else int(row["kpis"].iloc[0])
    manifest, ledger = here.table(TAKEN, name), here.table(LEDGER, name)
    if is_without or manifest is None or ledger is None:
        return Line(name, kpis_published=kpis, as_at=as_at)
    read = manifest[manifest["status"].eq("read") & ~manifest["is_delivery_refused"].fillna(False)]
    return Line(
        name,
        files_read=len(read[["delivery_id", "file"]].drop_duplicates()),
        rows_read=int(ledger["rows_read"].sum()),
        rows_loaded=int(ledger["rows_core"].sum()),
        rows_quarantined=int(ledger["rows_quarantined"].sum()),
        rows_superseded=int(ledger["rows_superseded"].sum()),
        kpis_published=kpis,
        as_at=as_at,
    )


def _published(settings: Settings) -> pd.DataFrame:
    """slug, latest_as_at and the number of KPIs with a value, of every published authority."""
    authorities = warehouse.read(settings.warehouse_url, "dim_authority")
    facts = warehouse.read(settings.warehouse_url, "fact_kpi_quarterly")
    counts = facts[facts["value"].notna()].groupby("authority_code")["kpi_id"].nunique()
    return authorities.assign(kpis=authorities["authority_code"].map(counts).fillna(0))


def _as_at(published: pd.DataFrame) -> dict[str, str]:
    """Authority's folder -> the as-at date of its published figures."""
    return dict(zip(published["slug"], published["latest_as_at"].map("{:%Y-%m-%d}".format), strict=True))


def _is_identical(before: pd.DataFrame, after: pd.DataFrame) -> bool:
    """Whether two publications hold the same figures; false where one of them is missing."""
    if before.empty or after.empty:
        return False
    return _one(before, "figures_hash") == _one(after, "figures_hash")


def _one(publication: pd.DataFrame, column: str) -> str:
    return str(publication[column].iloc[0])


def _quieten() -> None:
    """Nothing of Dagster's or a library's own talk on the reader's screen."""
    warnings.simplefilter("ignore")
    logging.getLogger("dagster").setLevel(logging.CRITICAL)
    logging.getLogger("alembic").setLevel(logging.CRITICAL)
