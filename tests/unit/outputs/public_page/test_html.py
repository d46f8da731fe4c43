"""The public page: what it says, what it leaves out, and that nothing hidden or internal is in its bytes."""

from __future__ import annotations

import re
import subprocess
import sys
from itertools import pairwise

import pandas as pd
import pytest

from cf_pipeline.outputs.charts.drawing.picture import draw_svg
from cf_pipeline.outputs.public_page.html import render_public_page
from tests.support import public_example as example
from tests.unit.outputs.report.report_page import Page

FILES = {"open_data/childrens_services_quarterly.csv": b"x" * 12_400, "open_data/datapackage.json": b"{}"}
DOCUMENTS = {"report_public_2019-12-31.docx": b"x" * 84_200, "report_public_2019-12-31.xlsx": b"x" * 1_000}
SECRET = 987_654


def html(tables=None, files=FILES, documents=DOCUMENTS):
    shown = example.tables() if tables is None else tables
    return render_public_page(shown, example.CODE, files, documents, draw_svg)


@pytest.fixture(scope="module")
def page():
    return Page(html())


def test_it_says_of_whom_and_when_and_which_release_it_is(page):
    assert page.headings[0] == ("h1", "Children’s services performance: Q3 2019/20")
    for words in ("City of London", "31 December 2019", "Release3, 6 January 2020", example.POLICY_HASH):
        assert words in page.text


def test_headings_go_down_by_one(page):
    levels = [int(tag[1]) for tag, _ in page.headings]
    assert levels[0] == 1 and all(after - before <= 1 for before, after in pairwise(levels))


def test_a_measure_has_its_quarters_and_the_forecast_that_may_be_said(page):
    line = page.line("Contacts and Referrals: Q3", "Contacts received")
    assert line["Measure"] == "Contacts received contacts; for context"
    assert (line["Q3 2019/20"], line["Q2 2019/20"], line["Q1 2019/20"]) == ("77", "90", "80")
    assert line["Year-end forecast"] == "329 pro rata"


def test_the_forecast_is_that_of_the_method_that_reports_use():
    tables = example.tables()
    known = tables["fact_kpi_forecast"]
    others = known.assign(method="other", forecast=SECRET, is_selected=False)
    both = pd.concat([known, others], ignore_index=True)
    assert html(tables | {"fact_kpi_forecast": both}) == html(tables)


def test_in_quarter_4_the_year_is_no_forecast():
    tables = example.tables()
    quarter = "2019/20 Q4"
    changed = {
        "dim_authority": tables["dim_authority"].assign(latest_quarter_key=quarter),
        "fact_kpi_quarterly": tables["fact_kpi_quarterly"].replace(
            {"quarter_key": {example.QUARTER: quarter}}
        ),
        "fact_kpi_forecast": tables["fact_kpi_forecast"].assign(quarters_used=4),
    }
    page = Page(html(tables | changed))
    assert (
        page.line("Contacts and Referrals: Q4", "Contacts received")["Year to March 2020"] == "329 pro rata"
    )
    assert "forecast is shown" not in page.text and "forecast is shown" in Page(html()).text


def test_a_percentage_is_whole_and_of_fewer_than_20_is_counts(page):
    line = page.line("Assessments: Q3", "Child and Family Assessments")
    assert line["Q3 2019/20"] == "58% 23 of 40"
    assert line["Q2 2019/20"] == "9 of 12"
    assert page.line("Children in Care: Q3", "Visits made in time")["Q3 2019/20"] == "97% 75 of 77"


def test_a_hidden_figure_is_the_symbol_and_says_so_to_a_screen_reader(page):
    line = page.line("Contacts and Referrals by gender", "Contacts received")
    assert line == {
        "Measure": "Contacts received contacts; for context",
        "Male": "40",
        "Female": "chidden",
        "Not stated or recorded": "chidden",
    }
    assert '<span aria-hidden="true">c</span><span class="unseen">hidden</span>' in html()


def test_primary_and_secondary_look_the_same():
    cells = re.findall(r'data-label="(?:Female|Not stated or recorded)">(.*?)</td>', html(), re.DOTALL)
    assert len(cells) == 2 and len(set(cells)) == 1


def test_a_measure_hidden_throughout_is_named_below_and_has_no_row(page):
    title = "Initial child protection conferences within 15 working days."
    assert f"Hidden throughout, Q3 2019/20 and the quarters before: {title}" in page.text
    assert not any(table["caption"].startswith("Child Protection") for table in page.tables)


def test_twelve_month_figures_have_a_table_and_are_named_with_the_reason(page):
    line = page.line("Children in Care: 12-month figures", "Three or more placements")
    assert (line["Year to March 2019"], line["Year to March 2018"]) == ("14", "11")
    assert f"Shown as 12-month figures {example.YEAR_NOTE} Three or more placements" in page.text
    assert page.text.count(example.YEAR_NOTE) == 1


def test_years_and_quarters_without_any_figure_have_no_column(page):
    assert page.table("Children in Care: 12-month figures")[0] == [
        "Measure",
        "Year to March 2019",
        "Year to March 2018",
    ]
    assert "Q4 2018/19" not in page.table("Contacts and Referrals: Q3")[0]


def test_a_table_without_rows_is_left_out(page):
    captions = [table["caption"] for table in page.tables]
    assert not any("Assessments by" in caption for caption in captions)
    assert all(len(table["rows"]) > 1 for table in page.tables)


def test_what_is_withheld_is_named():
    text = Page(html(example.tables(withheld=[("contacts_1wd_pct", "gender")]))).text
    assert "By gender: Contacts completed within one working day." in text
    assert "Not shown at all" not in Page(html()).text


def test_a_withheld_measure_is_not_called_unavailable():
    tables = example.tables(withheld=[("cin_open_stock", "total")])
    figures = tables["fact_kpi_quarterly"]
    tables["fact_kpi_quarterly"] = figures[figures["kpi_id"].ne("cin_open_stock")]
    text = Page(html(tables)).text
    assert "Any figure: Children in need cases open." in text
    assert "Not available for these periods" not in text


def test_a_measure_without_figures_is_called_unavailable():
    figures = example.kpi_quarterly()
    is_visits = figures["kpi_id"].eq("cla_visits_in_time_pct")
    figures.loc[is_visits, ["numerator", "denominator", "value"]] = None
    figures["symbol"] = figures["symbol"].astype(object).mask(is_visits, "x")
    figures["reason"] = (
        figures["reason"].astype(object).mask(is_visits, "7 rows of raw/_reference/ are unread.")
    )
    text = Page(html(example.tables(figures=figures))).text
    assert "Not available for these periods: Visits made in time." in text
    assert "raw/_reference" not in text  # reasons are written for staff, and may count rows


def test_a_page_with_everything_hidden_still_reads_well():
    page = Page(html(example.tables_with_everything_hidden(), {}))
    assert "There are no headlines for this quarter" in page.text
    assert "There is no data to download with this release." in page.text
    assert page.tables == []
    assert page.text.count("Hidden throughout, ") == 8
    for words in ("What is hidden, and why", "Counts of 1 to 5 are hidden", "Accessibility statement"):
        assert words in page.text


def test_the_policy_of_the_release_decides_the_words():
    tables = example.tables()
    words = "No approved list: the public's policy holds."
    tables["release"] = tables["release"].assign(threshold_count=7, symbol="s", note=words)
    figures = tables["fact_kpi_quarterly"]
    tables["fact_kpi_quarterly"] = figures.assign(symbol=figures["symbol"].replace("c", "s"))
    text = Page(html(tables)).text
    assert "Counts of 1 to 7 are hidden" in text and words in text and "“s” stands for" in text


def test_it_links_to_the_data_with_form_and_size(page):
    links = [
        attributes["href"]
        for tag, attributes in page.tags
        if tag == "a" and "open_data" in attributes["href"]
    ]
    assert links == list(FILES)
    assert "childrens_services_quarterly.csv (CSV, 12 kB)" in page.text


def test_papers_of_the_release_are_linked_by_what_they_are_and_only_where_there_are_any(page):
    assert "The report as a Word file (84 kB)" in page.text
    assert "The figures with their notes as an Excel workbook (1 kB)" in page.text
    assert "PDF" not in page.text
    assert "This release is also" not in Page(html(documents={})).text


def test_every_measure_leads_to_its_definition(page):
    ids = {attributes.get("id") for _, attributes in page.tags}
    anchors = {
        attributes["href"][1:] for tag, attributes in page.tags if tag == "a" and attributes["href"][0] == "#"
    }
    assert anchors <= ids
    assert len(ids - {None}) == len([1 for _, attributes in page.tags if attributes.get("id")])


def test_there_is_no_script_and_no_address_outside(page):
    text = html()
    assert not {"script", "link", "img", "iframe", "form", "svg"} & {tag for tag, _ in page.tags}
    assert not re.search(r"https?:|//[a-z]|url\(|javascript:|\son[a-z]+=", text)


def test_no_hidden_count_and_nothing_of_the_inside_is_in_its_bytes():
    tables = example.tables()
    hidden = tables["fact_kpi_quarterly"]["symbol"].eq(example.SYMBOL)
    figures = tables["fact_kpi_quarterly"].assign(run_id="run-of-secrets")
    figures["value_last_year"] = figures["value_last_year"].mask(hidden, SECRET)
    figures["reason"] = figures["reason"].astype(object).mask(hidden, f"It is {SECRET}.")
    text = html(tables | {"fact_kpi_quarterly": figures})
    assert str(SECRET) not in text and f"{SECRET:,}" not in text
    for word in ("run-of-secrets", "person_ref", "child_id", "figures_hash", "raw/", "run-1"):
        assert word not in text
    cells = re.findall(r'<td role="cell" class="number"[^>]*>(.*?)</td>', text, re.DOTALL)
    shown = {word for cell in cells for word in re.sub(r"<[^>]*>", " ", cell).split()}
    assert not shown & {str(count) for count in range(1, 6)}


def test_the_same_tables_give_the_same_page_in_any_order_of_rows():
    tables = example.tables()
    turned = {name: table.iloc[::-1] for name, table in tables.items()}
    assert html(turned) == html(tables)
    code = (
        "from tests.unit.outputs.public_page.test_html import html; import hashlib;"
        "print(hashlib.sha256(html().encode()).hexdigest())"
    )
    hashes = {
        subprocess.run(
            [sys.executable, "-c", code], env={"PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2")
    }
    assert len(hashes) == 1


def test_texts_are_escaped():
    tables = example.tables()
    kpis = tables["dim_kpi"].assign(numerator_text="<b>bold & wrong</b>")
    assert "&lt;b&gt;bold &amp; wrong" in html(tables | {"dim_kpi": kpis})


def test_sources_of_other_places_are_named_only_where_their_figures_stand():
    assert "Children in need, made up" in Page(html()).text
    tables = example.tables()
    assert (
        "made up" not in Page(html(tables | {"fact_kpi_comparison": tables["fact_kpi_comparison"][:0]})).text
    )


def test_counts_never_stand_beside_those_of_another_place():
    tables = example.tables()
    rows = tables["fact_kpi_comparison"]
    counts = rows[rows["kpi_id"].eq("assess_45wd_pct")].assign(kpi_id="contacts_count")
    both = pd.concat([rows, counts], ignore_index=True)
    page = Page(html(tables | {"fact_kpi_comparison": both}))
    assert "London" not in page.table("Contacts and Referrals: Q3")[0]
    assert page.line("Assessments: Q3", "Child and Family")["London"] == "83% year to March 2019"
