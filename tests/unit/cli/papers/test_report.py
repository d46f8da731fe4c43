"""`cf-pipeline report`: which papers it writes, and one sentence where it cannot write one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import docx
import pandas as pd
import pytest

from cf_pipeline.cli.main import main
from cf_pipeline.cli.papers import report as command
from cf_pipeline.cli.papers import write
from cf_pipeline.outputs.charts.drawing import picture
from cf_pipeline.outputs.charts.kinds.trend import trend_chart
from cf_pipeline.outputs.report.content import report_content
from cf_pipeline.outputs.report.editions import EDITIONS
from cf_pipeline.outputs.report.formats import pdf
from cf_pipeline.outputs.report.formats.paper_format import PaperFormat
from cf_pipeline.outputs.report.formats.registry import FORMATS
from cf_pipeline.outputs.report.model import Report, Section
from cf_pipeline.warehouse.tables.schemas import FIGURES, PUBLISHED
from tests.support import publication_example as example
from tests.support.chart_figures import figures, totals

PAPERS = "data/outputs/city-of-london/papers"


@pytest.fixture(autouse=True)
def published(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A project in which the small publication is published."""
    found = example.report_tables()

    def read_tables(url: str, where: dict[str, object], schema: object) -> dict[str, pd.DataFrame]:
        return {name: found[name] for name in where}

    def read_table(url: str, name: str, where: object = None, schema: object = PUBLISHED) -> pd.DataFrame:
        return found[name] if schema is PUBLISHED else found[name].iloc[:0]

    for module in (command, write):
        monkeypatch.setattr(module.warehouse, "read_tables", read_tables)
        monkeypatch.setattr(module.warehouse, "read_table", read_table)


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, list[str]]:
    status = main(["report", *words])
    out, err = capsys.readouterr()
    return status, (out + err).splitlines()


def test_without_chromium_the_other_formats_are_written(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(pdf, "BROWSERS", ())
    old = project / PAPERS / "report_internal_2019-12-31.pdf"
    old.parent.mkdir(parents=True)
    old.write_bytes(b"of an earlier delivery")
    status, lines = run(capsys)
    assert status == 2
    names = [f"report_internal_2019-12-31.{ending}" for ending in ("html", "docx", "xlsx")]
    assert lines[:3] == [f"Report, internal edition: {project / PAPERS / name}" for name in names]
    assert lines[3:] == [
        "Not written: The PDF needs Chromium, and this machine has none: install Debian's package chromium "
        "and run `cf-pipeline report`."
    ]
    assert sorted(path.name for path in old.parent.iterdir()) == sorted(names)
    assert {path.stat().st_mode & 0o077 for path in old.parent.iterdir()} == {0}


def test_the_councils_word_template_is_used_and_a_missing_one_is_a_sentence(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "pipeline.toml").write_text('[report]\nword_template = "council.docx"\n')
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "Anytown Council"
    document.save(str(project / "council.docx"))
    assert run(capsys, "--format", "word", "--out", "here")[0] == 0
    written = docx.Document(str(project / "here/report_internal_2019-12-31.docx"))
    assert written.sections[0].header.paragraphs[0].text == "Anytown Council"
    (project / "council.docx").unlink()
    status, lines = run(capsys, "--format", "word", "--out", "here")
    assert status == 2
    assert lines[0].startswith("Not written: The Word template council.docx is not there or is no .docx file")


def test_a_machine_without_a_font_for_pictures_lacks_the_word_file_alone(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def no_font(*_: object) -> bytes:
        raise picture.DrawingError("Charts cannot be drawn, because this machine has no font.")

    def content_with_a_chart(*tables: object, **choices: object) -> Report:
        chart = trend_chart(figures(fact_kpi_quarterly=totals("contacts_count", [80] * 8)), "contacts_count")
        report = report_content(*tables, **choices)
        return replace(report, sections=(*report.sections, Section("charts", "Charts", (chart,))))

    monkeypatch.setattr(picture, "draw_png", no_font)
    monkeypatch.setattr(write, "report_content", content_with_a_chart)
    monkeypatch.setattr(write, "FORMATS", {name: FORMATS[name] for name in ("html", "word")})
    monkeypatch.setattr(command, "FORMATS", write.FORMATS)
    status, lines = run(capsys)
    assert status == 2
    assert lines[1] == "Not written: Charts cannot be drawn, because this machine has no font."
    assert b"<svg" in (project / PAPERS / "report_internal_2019-12-31.html").read_bytes()


def test_a_format_and_an_edition_are_an_entry_each(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(
        FORMATS, "text", PaperFormat("text", ".txt", lambda report, _: report.edition.banner.encode())
    )
    edition = replace(EDITIONS["internal"], name="school", schema="school_v1", banner="For schools")
    monkeypatch.setitem(EDITIONS, "school", edition)
    monkeypatch.setitem(FIGURES, "school_v1", PUBLISHED)
    assert run(capsys, "city-of-london", "--edition", "school", "--format", "text")[0] == 0
    assert (project / PAPERS / "report_school_2019-12-31.txt").read_text() == "For schools"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--edition", "comittee"], "There is no edition 'comittee': the editions are internal, committee"),
        (["--format", "docx"], "There is no format 'docx': the formats are html, word, pdf and excel."),
        (
            ["city-of-londn"],
            "city-of-londn has no figures that the internal edition shows. Did you mean",
        ),
        (
            ["--edition", "public"],
            "no figures that the public edition shows: run `cf-pipeline release` first.",
        ),
    ],
)
def test_what_cannot_be_asked_for_is_one_sentence(
    capsys: pytest.CaptureFixture[str], words: list[str], sentence: str
) -> None:
    status, lines = run(capsys, *words)
    assert status == 1
    assert len(lines) == 1
    assert sentence in lines[0]
