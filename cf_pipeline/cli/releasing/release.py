"""`cf-pipeline release`: the published figures to a committee and to the public."""

from __future__ import annotations

from pathlib import Path

from cf_pipeline.cli.console import print_line
from cf_pipeline.cli.papers.report import print_papers
from cf_pipeline.cli.papers.write import Papers, drawings_of, write_papers
from cf_pipeline.cli.releasing.public_files import write_public_files
from cf_pipeline.cli.releasing.solver_output import discard_solver_output
from cf_pipeline.contracts.authorities import authority
from cf_pipeline.disclosure.policy import PUBLIC
from cf_pipeline.errors import PlainError
from cf_pipeline.operations.audit import record_action
from cf_pipeline.outputs.report.editions import EDITIONS
from cf_pipeline.outputs.report.editions import PUBLIC as PUBLIC_EDITION
from cf_pipeline.outputs.report.formats.registry import FORMATS
from cf_pipeline.outputs.report.model import ReportEdition
from cf_pipeline.project.locks import RunLock
from cf_pipeline.project.releases.approvals import read_approvals
from cf_pipeline.project.releases.archive import ReleaseArchive
from cf_pipeline.project.releases.audiences import AUDIENCES, WORDS
from cf_pipeline.project.releases.release import ReleasedAuthority, ReleaseMaker
from cf_pipeline.project.runs.temporary_files import temporary_folder
from cf_pipeline.project.settings import Settings

OK = 0


class ReleaseUnderWayError(PlainError):
    """Another process releases from the same project."""

    may_pass = True


def release(settings: Settings) -> int:
    """Release what is new, and say what was released; returns the exit status.

    Raises:
        PlainError: it is not safe, or something failed; nothing was released.
    """
    lock = RunLock(settings.data / "locks", "_release")
    if not lock.try_acquire():
        raise ReleaseUnderWayError(
            "A release is under way: try again when it has ended; nothing was released."
        )
    try:
        with temporary_folder(settings), discard_solver_output():
            made = ReleaseMaker(
                settings.warehouse_url, ReleaseArchive(settings.data), read_approvals(settings.approvals)
            ).release()
    finally:
        lock.release()
    for each in made:
        print_line(_sentence(each))
        record_action(
            settings.data,
            "release",
            f"{each.slug}, release {each.number} to {WORDS[each.audience]}",
            counts={"figures": each.figures, "hidden": each.hidden},
        )
    for each in made:
        edition = _edition(each)
        papers = _write_papers(settings, each, edition)
        if each.audience == PUBLIC:
            page = _write_page(settings, each, papers)
            print_line(f"Public page and open data: {page}")
        print_papers(papers, edition)
    if not made:
        print_line("Nothing new: what was released is of the figures as they are published.")
    return OK


def _edition(release: ReleasedAuthority) -> ReportEdition:
    schema = AUDIENCES[release.audience].name
    (edition,) = (each for each in EDITIONS.values() if each.schema == schema)
    return edition


def _write_papers(settings: Settings, release: ReleasedAuthority, edition: ReportEdition) -> Papers:
    """The papers of a release; the public's HTML is its page."""
    names = [name for name in FORMATS if release.audience != PUBLIC or name != "html"]
    return write_papers(
        settings, release.slug, edition, names, settings.outputs / release.slug / edition.name
    )


def _write_page(settings: Settings, release: ReleasedAuthority, papers: Papers) -> Path:
    """The public page, which links the papers beside it."""
    folder = settings.outputs / release.slug / PUBLIC_EDITION.name
    drawings = drawings_of(settings, release.slug, PUBLIC_EDITION)
    code = authority(release.slug).authority_code
    documents = {path.name: path.read_bytes() for path in papers.files}
    return write_public_files(settings.warehouse_url, folder, code, documents, drawings)


def _sentence(release: ReleasedAuthority) -> str:
    audience = WORDS[release.audience]
    note = f" {release.note}" if release.note else ""
    return (
        f"{release.slug}: release {release.number} to {audience}: {release.figures:,} figures, "
        f"{release.hidden:,} of them hidden.{note}"
    )
