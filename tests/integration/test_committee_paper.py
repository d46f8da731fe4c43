"""The whole way, from spreadsheets to the committee's table: every clause of the paper of February 2020.

Value by value from the published facts, and in the words of the published headlines.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pandas as pd
import pytest

from cf_pipeline import warehouse
from cf_pipeline.cli import main
from cf_pipeline.sample import write_sample

REPOSITORY = Path(__file__).parents[2]
sys.path.insert(0, str(REPOSITORY / "tests"))

Q1, Q2, Q3 = "2019/20 Q1", "2019/20 Q2", "2019/20 Q3"
LAST_YEAR = "2018/19 Q4"
KEY = "a-key-for-tests-only-of-32-characters-or-more"


class Published:
    """What one run published, asked figure by figure."""

    def __init__(self, project: Path) -> None:
        url = f"duckdb:///{project}/data/warehouse/published.duckdb"
        self.project = project
        self.facts = warehouse.read(url, "fact_kpi_quarterly")
        self.forecasts = warehouse.read(url, "fact_kpi_forecast")
        self.headlines = warehouse.read(url, "fact_headline")
        self.figures_hash = str(warehouse.read(url, "publication")["figures_hash"].iloc[0])

    def value(self, kpi: str, quarter: str = Q3, basis: str = "quarter", category: str = "all") -> float:
        breakdown = "total" if category == "all" else "band"
        row = self.facts[
            self.facts["kpi_id"].eq(kpi)
            & self.facts["quarter_key"].eq(quarter)
            & self.facts["basis"].eq(basis)
            & self.facts["breakdown"].eq(breakdown)
            & self.facts["category"].eq(category)
        ]
        return float(row["value"].iloc[0])

    def shown(self, kpi: str, quarter: str = Q3, basis: str = "quarter", places: str = "1") -> Decimal:
        return Decimal(repr(self.value(kpi, quarter, basis))).quantize(Decimal(places), ROUND_HALF_UP)

    def forecast(self, kpi: str) -> float:
        rows = self.forecasts[
            self.forecasts["kpi_id"].eq(kpi)
            & self.forecasts["fiscal_year"].eq("2019/20")
            & self.forecasts["quarters_used"].eq(3)
            & self.forecasts["is_selected"].astype(bool)
            & self.forecasts["breakdown"].eq("total")
        ]
        assert len(rows) == 1
        return float(rows["forecast"].iloc[0])

    def said(self, area: str) -> str:
        rows = self.headlines[self.headlines["quarter_key"].eq(Q3) & self.headlines["area"].eq(area)]
        return " ".join(rows.sort_values("position")["text"]).replace("\n", " ")


def run_in(project: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    # The repository's own settings: the paper's forecasts are pro rata, the product's default is not.
    (project / "pipeline.toml").write_text((REPOSITORY / "pipeline.toml").read_text())
    monkeypatch.chdir(project)
    monkeypatch.setenv("CF_ID_KEY", KEY)
    return main(["run"])


@pytest.fixture(scope="module")
def patch() -> Iterator[pytest.MonkeyPatch]:
    with pytest.MonkeyPatch.context() as patch:
        yield patch


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory, patch: pytest.MonkeyPatch) -> Published:
    project = tmp_path_factory.mktemp("paper")
    write_sample(project / "raw")
    assert run_in(project, patch) == 0
    return Published(project)


def near(a: float, b: float) -> bool:
    return abs(a - b) < 1e-9


CLAUSES: dict[str, tuple[Callable[[Published], bool], str, str]] = {
    "1a": (lambda p: p.value("contacts_count") == 77, "Contacts and Referrals", "77 contacts in Q3"),
    "1b": (
        lambda p: (p.value("contacts_count", Q1), p.value("contacts_count", Q2)) == (80, 90),
        "Contacts and Referrals",
        "a slightly lower level than the previous two quarters (80 and 90)",
    ),
    "1c": (
        lambda p: (
            near(p.forecast("contacts_count"), 247 * 4 / 3)
            and p.value("contacts_count", LAST_YEAR, "year") == 324
        ),
        "Contacts and Referrals",
        "The year-end forecast mirrors that of last year",
    ),
    "1d": (
        lambda p: p.shown("contacts_1wd_pct") == 91,
        "Contacts and Referrals",
        "91% of contacts were completed in one day in Q3",
    ),
    "1e": (
        lambda p: round(p.forecast("contacts_1wd_pct")) == 93,
        "Contacts and Referrals",
        "The year-end forecast is 93%",
    ),
    "1f": (lambda p: p.value("referrals_count") == 33, "Contacts and Referrals", "33 referrals in Q3"),
    "1g": (
        lambda p: p.value("referrals_count", Q1) < p.value("referrals_count", Q2) < 33,
        "Contacts and Referrals",
        "referrals have been rising over the quarters",
    ),
    "1h": (
        lambda p: (
            97 <= p.forecast("referrals_count") <= 100 and p.value("referrals_count", LAST_YEAR, "year") == 81
        ),
        "Contacts and Referrals",
        "the year-end forecast is predicting more referrals than last year",
    ),
    "1i": (
        lambda p: p.shown("contact_to_referral_pct") == 43,
        "Contacts and Referrals",
        "The conversion rate of contacts to referrals is 43% for Q3",
    ),
    "1j": (
        lambda p: (
            round(p.forecast("contact_to_referral_pct")) == 30
            and p.shown("contact_to_referral_pct", LAST_YEAR, "year") == 25
        ),
        "Contacts and Referrals",
        "higher than last year at 30% (compared to 25% previously)",
    ),
    "2a": (
        lambda p: p.value("eh_referrals_count", basis="ytd") == 15,
        "Early Help",
        "15 referrals to Early Help year to date",
    ),
    "2b": (
        lambda p: (
            p.forecast("eh_referrals_count") == 20 and p.value("eh_referrals_count", LAST_YEAR, "year") == 27
        ),
        "Early Help",
        "with a year-end forecast of 20, lower than last year's figure of 27",
    ),
    "2c": (
        lambda p: (
            p.value("short_breaks_children_count", basis="ytd") == 5
            and p.forecast("short_breaks_children_count") == 5
            and p.value("short_breaks_children_count", LAST_YEAR, "year") == 6
        ),
        "Early Help",
        "The total number of disabled children who received a short break (5)"
        " is forecast to be similar to last year (6)",
    ),
    "3a": (
        lambda p: p.value("assess_started_count") == 20,
        "Assessments",
        "20 Child and Family Assessments started in Q3",
    ),
    "3b": (
        lambda p: max(p.value("assess_started_count", Q1), p.value("assess_started_count", Q2)) < 20,
        "Assessments",
        "the highest number across the first three quarters",
    ),
    "3c": (
        lambda p: all(
            1.05 < p.forecast(kpi) / p.value(kpi, LAST_YEAR, "year") <= 1.15
            for kpi in ("assess_started_count", "assess_completed_count")
        ),
        "Assessments",
        "The year-end forecast for assessments started and completed"
        " is predicted to be slightly higher than last year",
    ),
    "3d": (
        lambda p: p.shown("assess_45wd_pct", basis="ytd") == 80,
        "Assessments",
        "Year to date figure for assessments authorised within 45 days at end of Q3 was 80%",
    ),
    "3e": (
        lambda p: p.shown("assess_45wd_pct", LAST_YEAR, "year") == 81,
        "Assessments",
        "This compares to the similar figure of 81% at end of 2018/19",
    ),
    "4a": (
        lambda p: p.value("cin_open_stock") == 28,
        "Children in Need",
        "28 children in need cases at the end of Q3",
    ),
    "4b": (
        lambda p: (
            max(p.value("cin_open_stock", q) for q in (Q1, Q2, Q3))
            - min(p.value("cin_open_stock", q) for q in (Q1, Q2, Q3))
            <= 4
        ),
        "Children in Need",
        "This reflects a fairly consistent pattern over the three quarters",
    ),
    "4c": (
        lambda p: p.value("cin_open_stock", LAST_YEAR) <= 24,
        "Children in Need",
        "but higher than the number at the end of 2018/19",
    ),
    "4d": (
        lambda p: 50 < p.value("cin_6m_or_less_pct") < 75,
        "Children in Need",
        "The majority of Children in Need cases at the end of Q3 had been open for 6 months or less",
    ),
    "5a": (
        lambda p: p.value("cpp_stock") == 4,
        "Child Protection",
        "4 children on Child Protection Plans at the end of Q3",
    ),
    "5b": (
        lambda p: p.value("cpp_12_24m_count") == 3,
        "Child Protection",
        "3 of these cases had been open for between 12 and 24 months",
    ),
    "5c": (
        lambda p: p.value("icpc_15wd_pct") == 100,
        "Child Protection",
        "100% of Initial Child Protection Conferences were held within 15 days of the S47 enquiry during Q3",
    ),
    "6a": (
        lambda p: p.value("cla_stock") == 27 and p.value("cla_stock", LAST_YEAR) == 20,
        "Children in Care",
        "27 Children in Care at the end of Q3. This is higher than at the end of 2018/19 (20)",
    ),
    "6b": (
        lambda p: p.value("cla_3plus_placements_count") == 4,
        "Children in Care",
        "4 of these young people have had 3 or more placements",
    ),
    "6c": (
        lambda p: p.shown("cla_visits_in_time_pct", places="0.1") == Decimal("97.4"),
        "Children in Care",
        "97.4% of visits during the Quarter were in time in accordance with the care / pathway plan",
    ),
    "7a": (
        lambda p: p.value("missing_cla_open_stock") == 1,
        "Children Missing",
        "One Child in Care missing at the end of Q3",
    ),
    "7b": (
        lambda p: p.value("missing_episodes_count") == 4,
        "Children Missing",
        "There were a total of 4 missing episodes in the period",
    ),
    "7c": (
        lambda p: p.value("missing_rhi_accepted_count") == 2,
        "Children Missing",
        "2 Return Home Interviews were accepted",
    ),
    "8a": (lambda p: p.value("cl_stock") == 26, "Care Leavers", "26 Care Leavers at end of Q3"),
    "8b": (
        lambda p: max(p.value("cl_stock", Q1), p.value("cl_stock", Q2)) < 26,
        "Care Leavers",
        "an increase on previous quarters",
    ),
    "8c": (
        lambda p: p.value("cl_eet_count") == 22,
        "Care Leavers",
        "22 of these were in education, employment or training",
    ),
    "8d": (
        lambda p: p.value("cl_suitable_accom_pct") == 100,
        "Care Leavers",
        "100% were living in suitable accommodation",
    ),
    "8e": (
        lambda p: p.value("cl_plan_and_touch_pct") == 100,
        "Care Leavers",
        "100% have an up to date Pathway Plan and are in touch in accordance with the plan",
    ),
}


def test_the_paper_has_36_clauses() -> None:
    assert len(CLAUSES) == 36


@pytest.mark.parametrize("clause", CLAUSES)
def test_the_figure_holds_and_the_words_are_the_papers(paper: Published, clause: str) -> None:
    holds, area, words = CLAUSES[clause]
    assert holds(paper)
    assert words in paper.said(area)


def test_the_report_shows_the_published_headlines(paper: Published) -> None:
    page = (paper.project / "data/outputs/city-of-london/committee_report.html").read_text(encoding="utf-8")
    assert "Internal edition" in page
    for _, area, words in CLAUSES.values():
        assert area in page
        assert words.replace("'", "&#39;") in page or words in page


def test_a_second_run_loads_nothing_and_a_new_one_gives_the_same_figures(
    paper: Published, patch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_in(paper.project, patch) == 0
    assert "Nothing new" in capsys.readouterr().out
    (paper.project / "data" / "last_run.json").unlink()
    assert run_in(paper.project, patch) == 0
    assert "identical to the last digit" in capsys.readouterr().out
    assert Published(paper.project).figures_hash == paper.figures_hash


def test_ofsteds_own_layout_gives_identical_facts(
    paper: Published, tmp_path: Path, patch: pytest.MonkeyPatch
) -> None:
    write_sample(tmp_path / "raw", layout="ofsted")
    assert run_in(tmp_path, patch) == 0
    ofsted = Published(tmp_path)
    pd.testing.assert_frame_equal(
        ofsted.facts.drop(columns="run_id"), paper.facts.drop(columns="run_id"), check_exact=True
    )
    assert ofsted.figures_hash == paper.figures_hash


@pytest.mark.samples
@pytest.mark.parametrize(
    ("file", "authority", "as_at", "quarter", "rows"),
    [
        ("liia_2022_Annex_A.xlsx", "hackney", "2021-03-16", "2020/21 Q3", (5, 5, 6, 5, 5, 5, 7, 5, 6, 5, 5)),
        ("ofsted_layout_2015-01-sample.xlsx", "rutland", "2015-03-31", "2014/15 Q4", (0, 0, 5, *[0] * 8)),
    ],
)
def test_a_real_workbook_is_accounted_for_and_a_report_comes_out(
    samples: Path,
    tmp_path: Path,
    patch: pytest.MonkeyPatch,
    file: str,
    authority: str,
    as_at: str,
    quarter: str,
    rows,
) -> None:
    folder = tmp_path / "raw" / authority / as_at
    folder.mkdir(parents=True)
    (folder / file).write_bytes((samples / "annex_a" / file).read_bytes())
    assert run_in(tmp_path, patch) == 0
    ledger = pd.read_parquet(tmp_path / f"data/lake/core/row_ledger/{authority}.parquet")
    read = ledger.set_index("list")["rows_read"]
    from cf_pipeline.contracts.lists import list_contracts

    annex_a = [contract.name for contract in list_contracts().values() if contract.number]
    assert tuple(read.get(name, 0) for name in annex_a) == rows
    assert (
        ledger["rows_read"] == ledger[["rows_core", "rows_quarantined", "rows_superseded"]].sum(axis=1)
    ).all()
    url = f"duckdb:///{tmp_path}/data/warehouse/published.duckdb"
    assert warehouse.read(url, "dim_authority")["latest_quarter_key"].tolist() == [quarter]
    page = (tmp_path / f"data/outputs/{authority}/committee_report.html").read_text(encoding="utf-8")
    assert f"Q{quarter[-1]} {quarter[:7]}" in page
