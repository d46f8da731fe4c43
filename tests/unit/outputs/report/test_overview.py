"""The first page by tiny figures: each of Members' questions has its answer, and says when it has none."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd
import pytest

from cf_pipeline.forecast.targets import Target
from cf_pipeline.outputs.report.content import report_content
from cf_pipeline.outputs.report.model import Section, Sentences, Table
from cf_pipeline.outputs.report.words import count_phrase
from tests.support import publication_example as example
from tests.support.report_example import LIMITS

QUESTIONS = {
    "changes": "What should worry us, and what got better?",
    "main-measures": "Is it good, and are children seen and decisions made in time?",
    "targets": "What is off target?",
    "year-end": "Where will the year end, and how sure is that?",
    "questions": "What to ask",
    "unknown": "What we do not know, and why",
}


def first_page(tables: dict[str, pd.DataFrame]) -> dict[str, Section]:
    """The sections of the first page by key."""
    report = report_content(tables, example.CODE, wording_limits=LIMITS)
    return {section.key: section for section in report.sections[0].sections}


def sentences(section: Section) -> list[str]:
    found = [block for block in section.blocks if isinstance(block, Sentences)]
    return [sentence.text for block in found for sentence in block.sentences]


def changes(**columns: Any) -> pd.DataFrame:
    """One change of the timeliness of assessments since the quarter before."""
    rows = example.report_tables()["v_kpi_change"]
    return rows[rows["kpi_id"].eq("assess_45wd_pct")].assign(**columns)


def contacts_target(value: float) -> Target:
    return Target("contacts_1wd_pct", value, dt.date(2019, 4, 1), None, None, "board", dt.date(2019, 3, 1))


def test_the_first_page_has_a_section_a_question_and_is_a_page_of_its_own() -> None:
    report = report_content(example.report_tables(), example.CODE, wording_limits=LIMITS)
    assert report.sections[0].is_page
    assert {section.key: section.title for section in report.sections[0].sections} == QUESTIONS


def test_what_got_worse_beyond_chance_is_told_with_both_figures_and_is_asked_about() -> None:
    page = first_page(example.report_tables() | {"v_kpi_change": changes(chance="beyond chance")})
    assert sentences(page["changes"])[0] == (
        "Worse: Child and Family Assessments authorised within 45 working days, 58% (higher is better; "
        "9 of 12 the quarter before). Chance alone would not explain it."
    )
    assert sentences(page["questions"])[0] == (
        "Child and Family Assessments authorised within 45 working days went from 9 of 12 to 58% "
        "in a quarter. Why, and what is being done?"
    )


def test_what_is_at_the_edge_of_chance_says_so() -> None:
    page = first_page(example.report_tables() | {"v_kpi_change": changes(chance="at the edge of chance")})
    assert sentences(page["changes"])[0].endswith("Chance alone would seldom explain it.")
    assert "No measure got better by more than chance explains." in sentences(page["changes"])


def test_a_change_within_chance_is_not_told_as_one() -> None:
    page = first_page(example.report_tables())
    assert sentences(page["changes"])[0] == "No measure changed by more than chance explains."
    assert not any("went from" in text for text in sentences(page["questions"]))


def test_of_two_measures_that_count_the_same_cases_the_main_one_is_told() -> None:
    tables = example.report_tables()
    main = changes(chance="beyond chance")
    both = pd.concat([main, main.assign(kpi_id="cin_open_stock", standard_errors=-9.0)], ignore_index=True)
    facts = tables["fact_kpi_quarterly"]
    copies = facts[facts["kpi_id"].eq("assess_45wd_pct")].assign(kpi_id="cin_open_stock")
    others = facts[facts["kpi_id"].ne("cin_open_stock")]
    page = first_page(
        tables | {"v_kpi_change": both, "fact_kpi_quarterly": pd.concat([others, copies], ignore_index=True)}
    )
    told = [text for text in sentences(page["changes"]) if text.startswith("Worse:")]
    assert len(told) == 1
    assert told[0].startswith("Worse: Child and Family Assessments authorised")


def test_the_main_measures_stand_beside_last_year_the_place_and_the_years_end() -> None:
    (table,) = first_page(example.report_tables())["main-measures"].blocks
    assert isinstance(table, Table)
    row = next(row for row in table.rows if row.title.startswith("Child and Family"))
    cells = dict(zip(table.columns, (cell.text or cell.unseen for cell in row.cells), strict=True))
    assert cells == {
        "Q3 2019/20": "58%",
        "Same quarter last year": "not compared",
        "London, year to March 2019": "83%",
        "Year-end forecast": "80%",
    }
    assert row.about == "higher is better"


def test_without_a_target_nothing_is_called_off_target() -> None:
    assert sentences(first_page(example.report_tables())["targets"]) == [
        "No target is set for this quarter, so no measure can be called off target."
    ]


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (90.0, ["The one measure with a target meets it."]),
        (
            95.0,
            [
                "Contacts completed within one working day: 91%, and the target is 95% (higher is better).",
            ],
        ),
        (
            91.0,
            [
                "Contacts completed within one working day: 90.9%, and the target is 91% (higher is better).",
            ],
        ),
    ],
)
def test_a_target_is_met_or_missed_by_the_figure_itself(value: float, told: list[str]) -> None:
    page = first_page(example.report_tables(targets=[contacts_target(value)]))
    assert sentences(page["targets"]) == told


def test_a_target_stands_beside_its_measure_where_any_is_set() -> None:
    report = report_content(
        example.report_tables(targets=[contacts_target(95.0)]), example.CODE, wording_limits=LIMITS
    )
    tables = [block for _, section in report.all_sections() for block in section.blocks]
    shown = [block for block in tables if isinstance(block, Table) and "Target" in block.columns]
    cells = {
        row.title: row.cells[table.columns.index("Target")].text for table in shown for row in table.rows
    }
    assert cells["Contacts completed within one working day"] == "95%"
    assert {text for title, text in cells.items() if not title.startswith("Contacts comp")} <= {
        "",
        "none set",
    }


def test_where_the_year_will_end_has_its_range_and_last_year() -> None:
    shown = example.kpi_forecast().assign(method="model", lower_80=318.0, upper_80=352.0)
    page = first_page(example.report_tables(kpi_forecast=shown))
    assert sentences(page["year-end"])[0] == "Contacts received: 329, likely 318 to 352; last year 324."
    assert "How right such forecasts were is not known yet: that needs earlier complete years." in sentences(
        page["year-end"]
    )


def test_how_right_earlier_ranges_were_is_counted() -> None:
    tables = example.report_tables()
    record = pd.DataFrame(
        {
            "authority_code": example.CODE,
            "kpi_id": "contacts_count",
            "fiscal_year": ["2017/18", "2018/19", "2018/19", "2019/20"],  # the last is of the year itself
            "quarters_used": [3, 3, 2, 3],
            "method": "model",
            "abs_pct_error": [2.0, 4.0, 9.0, 1.0],
            "in_80": [True, False, True, True],
        }
    )
    page = first_page(tables | {"fact_forecast_record": record})
    assert (
        "After three quarters of earlier years, 1 of 2 such ranges held what the year came to."
        in sentences(page["year-end"])
    )


def test_a_figure_worse_than_the_place_beyond_chance_is_a_worry_and_a_question() -> None:
    compared = example.kpi_comparison().assign(chance="outside what chance alone would explain")
    page = first_page(example.report_tables(kpi_comparison=compared))
    title = "Child and Family Assessments authorised within 45 working days"
    assert f"Worse than London: {title}, 58% (London 83%). Chance alone would not explain it." in sentences(
        page["changes"]
    )
    assert f"{title}: 58%, and London has 83%. Why is it worse here?" in sentences(page["questions"])


def test_a_main_measure_worse_than_the_place_in_few_cases_is_a_worry_too() -> None:
    compared = example.kpi_comparison().assign(chance="too few to judge")
    told = sentences(first_page(example.report_tables(kpi_comparison=compared))["changes"])
    assert told[0] == (
        "Worse than London, in few cases: Child and Family Assessments authorised within 45 working days, "
        "58% (London 83%)."
    )


def test_of_many_reasons_the_three_most_frequent_are_told() -> None:
    facts = example.kpi_quarterly()
    is_now = facts["quarter_key"].eq(example.QUARTER) & facts["basis"].eq("quarter")
    kpis = facts.loc[is_now & facts["breakdown"].eq("total"), "kpi_id"]
    facts.loc[kpis.index, "symbol"] = "x"
    facts.loc[kpis.index, ["numerator", "denominator", "value"]] = None
    facts.loc[kpis.index, "reason"] = [f"Reason {number}." for number in range(len(kpis))]
    told = sentences(first_page(example.report_tables(kpi_quarterly=facts))["unknown"])
    assert sum("no figure this quarter" in text for text in told) == 3
    assert (
        f"{len(kpis) - 3} more measures have no figure, for other reasons; they stand with their areas."
        in told
    )


def test_what_is_not_known_has_its_reason() -> None:
    assert sentences(first_page(example.report_tables())["unknown"]) == [
        "One delivery is left out until someone accepts it or sends it again: 2020-03-31.",
        "One measure has no figure this quarter. The deliveries do not cover this period: "
        "nothing was received for it.",
        "For one measure there was nothing to measure this quarter.",
        "2 percentages and rates cannot be set beside London: no comparable figures of them are published.",
        "3 errors in the newest data may make figures wrong.",
        "One figure of an earlier period was corrected since it was first reported.",
        "All figures are provisional: a later delivery may correct them. "
        "They hold what was recorded up to 31 December 2019.",
    ]


@pytest.mark.parametrize(
    ("count", "text"), [(1, "One error in"), (2, "2 errors in"), (1200, "1,200 errors in")]
)
def test_one_thing_and_several_have_a_sentence_each(count: int, text: str) -> None:
    assert count_phrase("unknown", "errors", count).startswith(text)
