"""Which day a cell means, by example: times with a zone, the last moments of a day, every file format.

Rule: docs/rulings.md#32. Each example is a file in the drop zone, read and cleaned as in a run.
"""

from __future__ import annotations

import datetime as dt

import openpyxl
import pytest

from cf_pipeline.clean import clean_lists
from cf_pipeline.contracts.dates.clock import EXCEL_EPOCH
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.ingest.receive import receive_deliveries
from tests.support import workbook_formats as formats
from tests.support.ingested_rows import clean_list, issue_places
from tests.support.workbook_formats import Formatted, with_part
from tests.support.workbooks import AS_AT, AUTHORITY, deliver, deliver_text, narrow_table

CONTACT = ["Child Unique ID", "Date of Contact", "Contact Source"]
MISSING = ["Child Unique ID", "Missing episode start", "Missing episode end"]
SHEET = "xl/worksheets/sheet1.xml"
END_OF_SEPTEMBER = dt.datetime.fromisoformat("2019-09-30T23:59:59")
WRITERS = {".csv": None, ".xlsx": None, ".xls": formats.xls, ".xlsb": formats.xlsb, ".ods": formats.ods}


def day_number(cell):
    """A moment as a binary workbook has it: a number with the format of a date; any other cell as it is."""
    if not isinstance(cell, dt.datetime):
        return cell
    return Formatted((cell - EXCEL_EPOCH) / dt.timedelta(days=1), "dd/mm/yyyy", "")


def put(raw, rows, ending):
    """A file of this ending in the drop zone; in a .csv a time is written as ISO 8601."""
    if ending == ".xlsx":
        deliver(raw, {"List 1": rows})
    elif ending == ".csv":
        lines = (",".join(f'"{cell}"' for cell in row) for row in rows)
        deliver_text(raw, "\n".join(lines).encode())
    else:
        path = raw / AUTHORITY / AS_AT / f"list{ending}"
        path.parent.mkdir(parents=True)
        if ending in (".xls", ".xlsb"):
            rows = [[day_number(cell) for cell in row] for row in rows]
        path.write_bytes(WRITERS[ending](rows))


def read(raw):
    received = receive_deliveries(raw, AUTHORITY)
    assert received.refusals == []
    return clean_lists(received.lists, received.manifest, received.findings)


def contact_days(raw, cells, ending=".csv"):
    """The days of contacts with these dates, as dd/mm/yyyy; None for a date that is blank."""
    put(raw, [CONTACT, *([f"A{n}", cell, "1A"] for n, cell in enumerate(cells))], ending)
    days = read(raw).lists["contacts"]["contact_date"]
    return [
        None if day is None else f"{day:%d/%m/%Y}" for day in days.astype(object).where(days.notna(), None)
    ]


@pytest.mark.mess(39, 44)
@pytest.mark.parametrize(
    ("database", "cells"),
    [
        ("Oracle, America", ["07-OCT-19 12.00.00.000000000 AM", "07-OCT-19 11.59.59.999999 PM", "07-OCT-19"]),
        ("Oracle, United Kingdom", ["07-OCT-19 00.00.00.000000000", "07-OCT-2019 00.00.00", "07-OCT-2019"]),
        (
            "Oracle with a zone",
            ["07-OCT-19 12.00.00.000000 AM +01:00", "07-OCT-19 12.00.00.0 AM EUROPE/LONDON"],
        ),
        ("PostgreSQL", ["2019-10-07 00:00:00", "2019-10-07 00:00:00+01", "2019-10-07 00:00:00.123456+0100"]),
        ("PostgreSQL, SQL style", ["07/10/2019 00:00:00 BST", "07/10/2019 00:00:00.5 BST"]),
        ("PostgreSQL, other styles", ["07.10.2019 00:00:00 GMT", "Mon 07 Oct 00:00:00 2019 BST"]),
        ("SQL Server", ["2019-10-07 00:00:00.0000000", "2019-10-07 00:00:00.0000000 +01:00"]),
        (
            "SQL Server's CONVERT",
            ["Oct  7 2019 12:00AM", "Oct  7 2019 12:00:00:000AM", "07 Oct 2019 00:00:00:000"],
        ),
        ("SQL Server's day alone", ["20191007", "07 Oct 2019", "Oct 07, 2019"]),
        ("MySQL and SQLite", ["2019-10-07 00:00:00.000000", "20191007000000", "2019-10-07T00:00:00"]),
        ("ISO 8601", ["2019-10-07T00:00:00,000+01:00", "20191006T230000Z", "2019-10-07T00:00+01:00"]),
        ("SAS and R", ["07OCT2019:00:00:00.000", "07OCT19:00:00:00", "07OCT2019", "2019-10-07 BST"]),
        ("Java", ["Mon Oct 07 00:00:00 BST 2019", "2019-10-07T00:00+01:00[Europe/London]"]),
        ("JavaScript", ["Mon Oct 07 2019 00:00:00 GMT+0100 (British Summer Time)", "07/10/2019, 00:00:00"]),
        ("C, Python, mail", ["Mon Oct  7 00:00:00 2019", "Mon, 07 Oct 2019 00:00:00 +0100"]),
        (".NET and Power BI", ["07/10/2019 00:00:00", "7-Oct-19", "2019-10-07T00:00:00.0000000+01:00"]),
        ("Access and ODBC", ["#2019-10-07#", "{ts '2019-10-07 00:00:00'}", "{d '2019-10-07'}"]),
        ("people, with a weekday", ["Mon 07/10/2019", "Monday, 7 October 2019", "Mon 7th Oct 2019"]),
        ("people", ["7th of October 2019", "October 7, 2019", "7 Oct. 2019", "7/10/19"]),
    ],
)
def test_the_seventh_of_october_as_databases_and_programs_write_it(raw, database, cells):
    assert contact_days(raw, cells) == ["07/10/2019"] * len(cells), database


@pytest.mark.mess(44)
@pytest.mark.parametrize("ending", WRITERS)
@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2019-06-30T23:00:00Z", "01/07/2019"),  # midnight in London in summer
        ("2019-06-30 23:30:00+00", "01/07/2019"),
        ("30-JUN-2019 11.00.00.000000 PM +00:00", "01/07/2019"),
        ("2019-12-31 23:00:00+00:00", "31/12/2019"),  # winter: London has Greenwich's time
        ("2019-12-31T00:00:00.0000000 +01:00", "30/12/2019"),  # midnight in Paris is 11 in the evening before
        ("2019-06-30T23:00:00", "30/06/2019"),  # without a zone: as written
        ("2019-10-27 00:30:00+00", "27/10/2019"),  # the hour that comes twice
    ],
)
def test_a_time_with_a_zone_is_london_s_before_its_date_is_taken(raw, cell, day, ending):
    assert contact_days(raw, [cell], ending) == [day]


@pytest.mark.mess(44)
@pytest.mark.parametrize("ending", WRITERS)
@pytest.mark.parametrize("microseconds", [0, 500_000, 990_000, 997_000, 999_000, 999_500, 999_999])
def test_the_last_moments_of_a_day_stay_on_their_day_in_every_format(raw, ending, microseconds):
    moment = END_OF_SEPTEMBER.replace(microsecond=microseconds)
    assert contact_days(raw, [moment], ending) == ["30/09/2019"]


@pytest.mark.mess(44)
@pytest.mark.parametrize(
    ("serial", "day"),
    [
        ("43738", "30/09/2019"),
        ("43738.9999999", "30/09/2019"),
        ("43738.99999999999", "30/09/2019"),  # a millionth of a second before midnight
        ("43738.999999999993", "01/10/2019"),  # what a sum in Excel makes of 43739
        ("43739.000000000007", "01/10/2019"),
    ],
)
def test_a_day_number_of_excel_is_its_whole_day_unless_a_float_s_error_is_all_that_lacks(raw, serial, day):
    assert contact_days(raw, [serial]) == [day]


@pytest.mark.mess(44)
@pytest.mark.parametrize("place", ["date cell", "date cell without a reference", "plain number"])
@pytest.mark.parametrize(
    ("number", "day"),
    [
        ("43738.99999999999", "30/09/2019"),  # 16 digits: a millionth of a second before midnight by openpyxl
        ("43738.999999999985", "30/09/2019"),  # 17 digits: the same by Excel
        ("4.373899999999999E4", "30/09/2019"),
        ("43738.9999999985", "30/09/2019"),  # a tenth of a millisecond before midnight
        ("43738.999999999993", "01/10/2019"),  # what a sum of hours in Excel makes of 43739
        ("43739", "01/10/2019"),
        ("43739.000000000007", "01/10/2019"),
    ],
)
def test_a_cell_s_number_decides_and_not_what_a_program_rounds_it_to(raw, number, day, place):
    cell = 43738.25 if place == "plain number" else END_OF_SEPTEMBER.replace(hour=6, minute=0, second=0)
    put(raw, [CONTACT, ["A0", cell, "1A"], ["A1", cell, "1A"]], ".xlsx")
    path = raw / AUTHORITY / AS_AT / "annex_a.xlsx"
    written = str((cell - EXCEL_EPOCH) / dt.timedelta(days=1)) if isinstance(cell, dt.datetime) else str(cell)
    with_part(path, SHEET, f"<v>{written}</v>".encode(), f"<v>{number}</v>".encode())
    if place == "date cell without a reference":
        with_part(path, SHEET, b' r="B2"', b"")
    days = read(raw).lists["contacts"]["contact_date"]
    assert [f"{found:%d/%m/%Y}" for found in days] == [day] * 2


@pytest.mark.mess(44)
@pytest.mark.parametrize("epoch", [openpyxl.utils.datetime.WINDOWS_EPOCH, openpyxl.utils.datetime.MAC_EPOCH])
def test_the_last_millionth_of_a_second_is_of_its_day_in_each_column_whenever_days_count_from(raw, epoch):
    last = END_OF_SEPTEMBER.replace(microsecond=999_999)
    plan = {
        "child_id": "A1",
        "date_of_birth": last.replace(year=2009, month=12, day=31),
        "cp_plan_start_date": last,
        "cp_plan_end_date": last.replace(month=12, day=31),
    }
    path = deliver(
        raw,
        {
            "List 7": narrow_table("child_protection_plans", plan),
            "List 1": [CONTACT, ["A2", last, "1A"]],
            "Missing": [MISSING, ["A3", last, last.replace(month=10, day=31)]],
        },
    )
    book = openpyxl.load_workbook(path)
    book.epoch = epoch
    for sheet, places in {"List 7": ("B2", "C2", "D2"), "List 1": ("B2",), "Missing": ("B2", "C2")}.items():
        for place in places:
            midnight = book[sheet][place].value  # openpyxl rounds what it loads
            book[sheet][place].value = midnight - dt.timedelta(microseconds=1)
    book.save(path)
    lists = read(raw).lists
    row = lists["child_protection_plans"].iloc[0]
    assert [f"{row[column]:%d/%m/%Y}" for column in list(plan)[1:]] == [
        "31/12/2009",
        "30/09/2019",
        "31/12/2019",
    ]
    assert f"{lists['contacts']['contact_date'][0]:%d/%m/%Y}" == "30/09/2019"
    episode = lists["missing_episodes"].iloc[0]
    assert str(episode["missing_start"]) == "2019-09-30 23:59:59"
    assert str(episode["missing_end"]) == "2019-10-31 23:59:59"


@pytest.mark.mess(42)
def test_the_least_and_the_last_day_that_a_program_knows_are_blank(raw):
    cells = [
        "0001-01-01 00:00:00",
        "0000-00-00 00:00:00",
        "infinity",
        "9999-12-31 23:59:59.9999999",
        "2079-06-06",
    ]
    assert contact_days(raw, cells) == [None] * len(cells)


@pytest.mark.mess(39)
def test_what_no_format_reads_stays_unread(raw):
    cells = [
        "week 40 of 2019", "1569888000", "#07/10/2019#", "2019-10-07 00:00:00 PST", "Tue 07/10/2019",
        "07/10/2019 10:30-11:00", "07/10/2019 00:00 (about)", "2019-10-07 24:00",
    ]  # fmt: skip
    assert contact_days(raw, cells) == [None] * len(cells)
    issues = read(raw).issues
    assert issues["rule"].eq("date_unreadable").sum() == len(cells)


@pytest.mark.mess(44)
def test_a_missing_episode_keeps_london_s_time(raw):
    first = ["A1", "2019-06-30T22:15:00Z", "2019-07-01 05:00:00+00"]
    second = ["A2", "31-DEC-19 11.30.00.000000 PM", ""]
    put(raw, [MISSING, first, second], ".csv")
    episodes = read(raw).lists["missing_episodes"]
    assert episodes["missing_start"].astype(str).tolist() == ["2019-06-30 23:15:00", "2019-12-31 23:30:00"]
    assert episodes["missing_end"].astype(str)[0] == "2019-07-01 06:00:00"


@pytest.mark.mess(44)
def test_a_day_that_a_zone_moved_is_told(raw):
    contact_days(raw, ["2019-06-30T23:00:00Z", "2019-07-01T12:00:00Z"])
    issues = read(raw).issues
    told = issues[issues["column"].eq("contact_date")]
    assert list(zip(told["rule"], told["excel_row"], strict=True)) == [
        ("date_from_zone", 2),
        ("date_time_dropped", 3),
    ]


BORN_LISTS = [name for name, contract in list_contracts().items() if "date_of_birth" in contract.column_names]


@pytest.mark.parametrize("name", BORN_LISTS)
def test_births_of_another_programs_day_numbers_are_told(name: str) -> None:
    # 1 May 2010 is day 14730 of R and 18383 of SAS, which Excel reads as 1940 and 1950.
    births = ["14730", "18383", "01/05/1940", "31/12/1992", "01/01/1993", "01/05/2010", "40299"]
    rows = [{"child_id": f"10000{n}", "date_of_birth": born} for n, born in enumerate(births)]
    places = issue_places(clean_list(name, *rows), "birth_date_too_early")
    assert places == [("birth_date_too_early", row, "date_of_birth") for row in (2, 3, 4, 5)]
