"""Texts of a council's own (teams, organisations) are categories only when they cannot name one child."""

from __future__ import annotations

import pytest

from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.history.text_categories import text_columns
from cf_pipeline.kpi.definitions.registry import load_registry
from cf_pipeline.kpi.measure.quarterly import measure_kpis
from tests.spec.casebook import AUTHORITY, Delivery, core

Q2, Q3 = "2019/20 Q2", "2019/20 Q3"


def contacts(team: str, rows: int, children: int, month: str = "11") -> list[dict[str, str]]:
    return [
        {
            "child_id": f"{team} {number % children}",
            "contact_date": f"2019-{month}-{number + 1:02d}",
            "contact_team": team,
        }
        for number in range(rows)
    ]


def teams(*deliveries: Delivery, declared: tuple[str, ...] = (), quarter: str = Q3) -> dict[str, float]:
    tables = core(*deliveries, declared=declared).tables
    facts = measure_kpis(tables, load_registry(), AUTHORITY, ["contacts_count"], ["quarter"])
    rows = facts[facts["quarter_key"].eq(quarter) & facts["breakdown"].eq("team")]
    return dict(zip(rows["category"], rows["numerator"], strict=True))


@pytest.mark.parametrize(
    ("rows", "children", "category"),
    [
        (10, 5, "North"),
        (9, 9, "other"),  # too few rows
        (10, 4, "other"),  # too few children
        (1, 1, "other"),
    ],
)
def test_a_text_is_a_category_from_ten_rows_of_five_children(rows: int, children: int, category: str) -> None:
    assert teams(Delivery("2019-12-31", {"contacts": contacts("North", rows, children)})) == {category: rows}


def test_rows_count_over_all_lists_together() -> None:
    referred = [
        {"child_id": f"R{number}", "referral_date": f"2019-11-{number + 1:02d}", "allocated_team": "North"}
        for number in range(6)
    ]
    lists = {"contacts": contacts("North", 4, 4), "referrals": referred}
    assert teams(Delivery("2019-12-31", lists)) == {"North": 4}


def test_what_the_council_declares_is_published_and_what_is_rare_is_other() -> None:
    rows = [*contacts("North", 2, 2), *contacts("Jane Canary", 2, 1), *contacts("Duty", 10, 5)]
    assert teams(Delivery("2019-12-31", {"contacts": rows}), declared=("North",)) == {
        "Duty": 10,
        "North": 2,
        "other": 2,
    }


def test_a_text_once_published_stays_when_its_rows_are_corrected() -> None:
    first = Delivery("2019-09-30", {"contacts": contacts("North", 10, 5, "08")}, covers_from="2019-07-01")
    corrected = [row | {"contact_team": "South"} for row in contacts("North", 10, 5, "08")[:8]]
    kept = contacts("North", 10, 5, "08")[8:]
    second = Delivery("2019-10-31", {"contacts": [*corrected, *kept]}, covers_from="2019-07-01")
    assert teams(first, second, quarter=Q2) == {"North": 2, "other": 8}


def test_the_records_behind_a_figure_keep_the_text() -> None:
    delivery = Delivery("2019-12-31", {"contacts": contacts("Jane Canary", 2, 1)})
    assert set(core(delivery, declared=()).tables["contacts"]["contact_team"]) == {"Jane Canary"}


def test_every_text_that_figures_are_split_by_is_declared_a_category() -> None:
    for kpi in load_registry().values():
        wanted = {*kpi.breakdowns, *(kpi.band.columns if kpi.band else ())}
        for part in kpi.numerator.parts:
            contract = list_contracts().get(part.table)
            if contract is not None:
                texts = {column.name for column in contract.columns if column.type == "string"}
                team = {contract.team} if contract.team and "team" in wanted else set()
                assert (wanted & texts) | team <= set(text_columns(contract)), kpi.id
