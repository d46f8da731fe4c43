from __future__ import annotations

import re
import subprocess
import sys
from importlib import resources
from itertools import pairwise

import pandas as pd
import pytest

from cf_pipeline.outputs.report.published_facts import ReportError
from tests.support import publication_example as example
from tests.support.report_example import LIMITS, render_report
from tests.unit.outputs.report.report_page import Page


@pytest.fixture(scope="module")
def published():
    return example.report_tables()


@pytest.fixture
def html(published):
    return render_report(published, example.CODE)


@pytest.fixture
def page(html):
    return Page(html)


def test_it_says_what_it_is_of_whom_and_when(page):
    assert page.headings[0] == ("h1", "Children and Families performance: Q3 2019/20")
    for words in ("Internal edition - not for publication", "City of London", "31 December 2019", "run-1"):
        assert words in page.text


def test_the_committees_table_has_two_columns(page):
    rows = page.table("Headlines")
    assert rows[0] == ["Area", "Headlines"]
    assert {len(row) for row in rows} == {2}
    assert [row[0] for row in rows[1:]] == ["Contacts and Referrals", "Assessments", "Children in Need"]


def test_each_line_of_a_headline_is_a_paragraph_of_its_own():
    texts = example.headlines().assign(text="77 contacts.\n91% in one day.")
    assert render_report(example.report_tables(headlines=texts), example.CODE).count(
        "<p>77 contacts.</p><p>91% in one day.</p>"
    ) == len(texts)


def test_a_count_has_its_periods_forecast_and_last_year(page):
    line = page.line("Contacts and Referrals", "Contacts received")
    assert line["Measure"] == "Contacts received contacts; for context"
    assert (line["Q3 2019/20"], line["Q2"], line["Q1"]) == ("77", "90", "80")
    assert line["Year to date"] == "247"
    assert line["Year-end forecast"] == "329"
    assert line["Last year (2018/19)"] == "324"
    assert line["London, year to March 2019"].endswith("not compared")


def test_the_models_range_stands_beside_a_forecast_by_another_method():
    shown = example.kpi_forecast()
    model = shown[shown["kpi_id"].eq("contacts_count")].assign(
        method="model", is_selected=False, forecast=335.0, lower_80=318.0, upper_80=352.0
    )
    tables = example.report_tables(kpi_forecast=pd.concat([shown, model], ignore_index=True))
    line = Page(render_report(tables, example.CODE)).line("Contacts and Referrals", "Contacts received")
    assert line["Year-end forecast"] == "329 (likely 318 to 352)"


def test_a_forecast_outside_the_models_range_has_a_sentence_below_the_figures():
    sentence = (
        "The year-end forecast of 329 (pro rata) lies above the range of 300 to 320, as the model expects."
    )
    shown = example.kpi_forecast()
    is_contacts = shown["kpi_id"].eq("contacts_count")
    shown["outside_range"] = pd.Series(sentence, shown.index).where(is_contacts)
    model = shown[is_contacts].assign(method="model", is_selected=False, lower_80=300.0, upper_80=320.0)
    tables = example.report_tables(kpi_forecast=pd.concat([shown, model], ignore_index=True))
    text = render_report(tables, example.CODE)
    assert f"Contacts received. {sentence}</li>" in text
    assert text.count(sentence) == 1


@pytest.mark.parametrize(
    ("bounds", "words"),
    [((90.4, 97.6), "90% to 98%"), ((0.0, 0.3), "0% to 1%"), ((99.6, 99.9), "99% to 100%")],
)
def test_a_range_with_a_width_is_never_shown_without_one(bounds, words):
    shown = example.kpi_forecast().assign(method="model", lower_80=bounds[0], upper_80=bounds[1])
    page = Page(render_report(example.report_tables(kpi_forecast=shown), example.CODE))
    assert page.line("Contacts and Referrals", "Contacts completed")["Year-end forecast"].endswith(
        f"{words})"
    )


def test_where_methods_differ_each_forecast_says_how_it_was_made():
    shown = example.kpi_forecast().assign(label="children so far this year")
    shown.loc[shown["kpi_id"].eq("contacts_1wd_pct"), "method"] = "latest_value"
    line = Page(render_report(example.report_tables(kpi_forecast=shown), example.CODE)).line(
        "Contacts and Referrals", "Contacts received"
    )
    assert line["Year-end forecast"] == "329 (children so far this year)"


def test_a_forecast_by_the_model_has_its_own_range():
    shown = example.kpi_forecast().assign(method="model", lower_80=318.0, upper_80=352.0)
    page = Page(render_report(example.report_tables(kpi_forecast=shown), example.CODE))
    line = page.line("Contacts and Referrals", "Contacts received")
    assert line["Year-end forecast"] == "329 (likely 318 to 352)"


def test_a_percentage_has_its_counts_and_london(page):
    line = page.line("Assessments", "Child and Family")
    assert line["Measure"].endswith("45 working days higher is better")
    assert line["Q3 2019/20"] == "58% (23 of 40)"
    assert line["Q2"] == "9 of 12"
    assert line["London, year to March 2019"] == "83%"


@pytest.mark.parametrize(
    ("against", "heading"), [("region", "South East"), ("england", "England"), ("london", "South East")]
)
def test_outside_london_a_figure_stands_beside_its_region_or_england_while_that_is_not_known(
    against, heading
):
    compared = example.kpi_comparison().replace({"against": {"london": against}})
    tables = example.report_tables(kpi_comparison=compared)
    tables["dim_authority"] = tables["dim_authority"].assign(region_name="South East")
    page = Page(render_report(tables, example.CODE))
    line = page.line("Assessments", "Child and Family")
    assert not any(column.startswith("London") for column in line)
    if against == "london":
        assert line[heading] == "–not compared"
    else:
        assert line[f"{heading}, year to March 2019"] == "83%"
    assert f"{heading}: the latest published year" in page.text


def test_a_count_is_never_set_beside_londons():
    compared = example.kpi_comparison().assign(
        kpi_id="contacts_count", against=["previous_quarters", "london"]
    )
    page = Page(render_report(example.report_tables(kpi_comparison=compared), example.CODE))
    assert page.line("Contacts and Referrals", "Contacts received")["London, year to March 2019"].endswith(
        "not compared"
    )


def test_no_cases_is_said_in_words(page):
    line = page.line("Child Protection", "Initial child protection")
    assert line["Q3 2019/20"].startswith("none in the period")
    assert "There were no conferences." in page.text


def test_a_kpi_without_any_figure_is_told_once_with_its_reason(page):
    assert (
        page.text.count(
            "Three or more placements. The deliveries do not cover this period: nothing was received"
        )
        == 1
    )
    assert not any(row[0].startswith("Three or more") for table in page.tables for row in table["rows"])


def test_a_distribution_is_told_in_words_in_order(page):
    rows = page.table("Open children in need cases by duration")
    assert [row[0] for row in rows[1:]] == [
        "3 months or less",
        "Over 3 months to 6 months",
        "Over 6 months to under 1 year",
        "1 year to under 2 years",
        "2 years or more",
    ]
    assert rows[1][1] == "8 (29%)"


def test_the_data_behind_it_is_accounted_for(page):
    assert "Rows read: 170. Loaded: 157." in page.text
    assert page.line("Deliveries received", "2019-12-31")["Quarantined"] == "3"
    assert "2020-03-31: broken.xlsx is not a workbook: save it again as .xlsx." in page.text
    errors = page.line("Issues by severity", "error")
    assert errors["Issues"] == "4"
    assert page.line("Errors and warnings by rule", "key missing")["Lists"] == "contacts"


def test_definitions_name_the_law(page):
    assert "Working Together to Safeguard Children" in page.text


def test_the_words_for_comparisons_follow_the_settings(published):
    text = Page(render_report(published, example.CODE, wording_limits=LIMITS | {"similar_pct": 7.5})).text
    assert "Counts: up to 7.5% apart is “similar”" in text


def test_an_earlier_quarter_can_be_asked_for(published):
    page = Page(render_report(published, example.CODE, "2019/20 Q1"))
    assert page.headings[0][1].endswith("Q1 2019/20")
    line = page.line("Contacts and Referrals", "Contacts received")
    assert list(line)[:3] == ["Measure", "Q1 2019/20", "Q4 2018/19"]
    assert line["Q1 2019/20"] == "80"


def test_a_report_where_nearly_everything_is_missing_still_reads():
    facts = example.kpi_quarterly()
    gone = facts["kpi_id"].ne("contacts_count")
    facts.loc[gone, ["numerator", "denominator", "value"]] = pd.NA
    facts.loc[gone, "symbol"] = "x"
    facts.loc[gone, "reason"] = "Nothing was received for this period."
    tables = example.report_tables(
        kpi_quarterly=facts,
        kpi_forecast=example.kpi_forecast().iloc[:0],
        kpi_comparison=example.kpi_comparison().iloc[:0],
        headlines=example.headlines().iloc[:0],
    )
    page = Page(render_report(tables, example.CODE))
    assert "There are no headlines for this quarter" in page.text
    assert page.text.count("Not available for Q3 2019/20 or the periods beside it:") == 5
    assert "6 measures have no figure this quarter. Nothing was received for this period." in page.text
    assert "nan" not in page.text.lower().replace("financ", "")
    assert "<NA>" not in page.text


def test_an_authority_without_figures_is_one_plain_sentence(published):
    with pytest.raises(ReportError, match="no figures of authority E09000033 are published"):
        render_report(published, "E09000033")
    with pytest.raises(ValueError, match="not a quarter"):
        render_report(published, example.CODE, "2019-Q3")


def test_text_from_outside_is_escaped():
    texts = example.headlines().assign(text="<script>alert(1)</script> & more")
    html = render_report(example.report_tables(headlines=texts), example.CODE)
    assert "<script" not in html
    assert "&lt;script&gt;" in html


def test_the_file_needs_nothing_else(page, html):
    assert not {"script", "link", "img", "iframe", "object"} & {tag for tag, _ in page.tags}
    assert not re.search(r"https?://|url\(|@import|\son\w+=", html)
    assert all(attrs["href"].startswith("#") for tag, attrs in page.tags if tag == "a")


def test_headings_are_in_order_and_links_arrive(page):
    levels = [int(tag[1]) for tag, _ in page.headings]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    ids = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    assert {attrs["href"][1:] for tag, attrs in page.tags if tag == "a"} <= set(ids)


def test_tables_can_be_heard(page):
    assert all(table["caption"].strip() for table in page.tables)
    assert len({table["caption"] for table in page.tables}) == len(page.tables)
    assert all(attrs.get("scope") in ("col", "row") for tag, attrs in page.tags if tag == "th")
    assert page.tags[0] == ("html", {"lang": "en-GB"})


def test_it_is_the_same_bytes_every_time(published, html):
    assert render_report(published, example.CODE) == html


@pytest.mark.parametrize(
    ("front", "back", "least"),
    [
        ("ink", "paper", 4.5),
        ("ink", "shade", 4.5),
        ("quiet", "paper", 4.5),
        ("brand", "paper", 4.5),
        ("on-brand", "brand", 4.5),
        ("rule", "paper", 3),
    ],
)
def test_colours_have_the_contrast_wcag_asks(front, back, least):
    css = (resources.files("cf_pipeline.outputs") / "templates" / "report.css").read_text(encoding="utf-8")
    colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", css))
    light, dark = sorted((_luminance(colours[front]), _luminance(colours[back])), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= least
    outside = css.replace(css[css.index("{") : css.index("}")], "", 1)
    assert not re.search(r"#[0-9a-fA-F]{3,6}\b", outside)


def _luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_making_a_report_needs_no_database():
    code = (
        "import sys, cf_pipeline.outputs.report.content, cf_pipeline.outputs.report.formats.html, "
        "cf_pipeline.outputs.workbook.data_quality; "
        "print(sorted({'sqlalchemy', 'duckdb', 'psycopg', 'dagster'} & set(sys.modules)))"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"
