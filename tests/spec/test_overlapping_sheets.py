"""Two sheets that become one list with overlapping dates hold it (docs/rulings.md#33), by example."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.history.holds.hold import clean_accepted
from cf_pipeline.ingest.receive import receive_deliveries

LISTS = {
    "contacts": ("contact_date", "contact_source"),
    "assessments": ("assessment_start_date", "assessment_authorised_date"),
    "children_in_care": ("cla_start_date", "legal_status"),
}


def deliver(raw: Path, name: str, sheets: dict[str, list[str]], mapping: str = "") -> None:
    """A workbook of which every sheet holds rows of one list, a row for each date."""
    contract, (key_date, other) = list_contracts()[name], LISTS[name]
    headers = [contract.column(column).header for column in ("child_id", "date_of_birth", key_date, other)]
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, days in sheets.items():
        sheet = book.create_sheet(title)
        sheet.append(headers)
        for number, day in enumerate(days):
            sheet.append([f"{title} {number}", "01/05/2012", day, None])
    folder = raw / "camden" / "2019-12-31"
    folder.mkdir(parents=True)
    book.save(folder / "lists.xlsx")
    (raw / "camden" / "mapping.toml").write_text(mapping)


def held(raw: Path) -> list[tuple[str, str]]:
    received = receive_deliveries(raw, "camden")
    cleaned = clean_accepted(received.lists, received.manifest, received.findings, received.mapping)
    doubts = cleaned.held[cleaned.held["status"].eq("held")]
    return list(doubts[["list", "rule"]].itertuples(index=False, name=None))


@pytest.mark.parametrize("name", LISTS)
def test_two_sheets_of_the_same_days_hold_their_list(tmp_path: Path, name: str) -> None:
    days = ["02/10/2019", "20/11/2019"]
    deliver(tmp_path, name, {"North": days, "South": ["05/11/2019", "10/12/2019"]})
    assert held(tmp_path) == [(name, "sheets_overlap")]


def test_a_sheet_a_month_is_one_list(tmp_path: Path) -> None:
    deliver(
        tmp_path,
        "contacts",
        {"October": ["02/10/2019", "31/10/2019"], "November": ["01/11/2019", "30/11/2019"]},
    )
    assert not held(tmp_path)


@pytest.mark.parametrize(("named", "is_held"), [(("North", "South"), False), (("North",), True)])
def test_sheets_that_the_mapping_names_are_what_it_says(
    tmp_path: Path, named: tuple[str, ...], is_held: bool
) -> None:
    mapping = "[sheets]\n" + "".join(f'"{sheet}" = "contacts"\n' for sheet in named)
    days = ["02/10/2019", "20/11/2019"]
    deliver(tmp_path, "contacts", {"North": days, "South": days}, mapping)
    assert bool(held(tmp_path)) is is_held
