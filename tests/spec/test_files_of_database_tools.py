"""A table as SQL tools write it to a file: two children, and nothing that stands around them is one."""

from __future__ import annotations

from pathlib import Path

import pytest

from cf_pipeline.clean import CleanedLists, clean_lists
from cf_pipeline.history.holds.unread import find_unread_doubts
from cf_pipeline.ingest.receive import receive_deliveries
from tests.support.workbooks import AUTHORITY, deliver_text

FILES = {
    "sqlcmd -s ',' -W": """Changed database context to 'CSC'.
Child Unique ID,Gender,Ethnicity,Date of Birth,Date of Contact,Contact Source
---------------,------,---------,-------------,---------------,--------------
100001,F,WBRI,2010-05-01,2019-10-02,1A
100002,NULL,NULL,NULL,2019-10-03,1A
Warning: Null value is eliminated by an aggregate or other SET operation.

(2 rows affected)

Completion time: 2020-01-06T09:12:44.1234567+00:00
""",
    "psql": """ child unique id | gender | ethnicity | date of birth | date of contact | contact source
-----------------+--------+-----------+---------------+-----------------+----------------
          100001 | F      | WBRI      | 2010-05-01    | 2019-10-02      | 1A
          100002 | [null] | [null]    | [null]        | 2019-10-03      | 1A
(2 rows)
""",
    "mysql": """+-----------------+--------+-----------+---------------+-----------------+----------------+
| Child Unique ID | Gender | Ethnicity | Date of Birth | Date of Contact | Contact Source |
+-----------------+--------+-----------+---------------+-----------------+----------------+
|          100001 | F      | WBRI      | 2010-05-01    | 2019-10-02      | 1A             |
|          100002 | NULL   | NULL      | NULL          | 2019-10-03      | 1A             |
+-----------------+--------+-----------+---------------+-----------------+----------------+
2 rows in set (0.00 sec)
""",
    "mysql into outfile": "Child Unique ID\tGender\tEthnicity\tDate of Birth\tDate of Contact\t"
    "Contact Source\n"
    "100001\tF\tWBRI\t2010-05-01\t2019-10-02\t1A\n100002\t\\N\t\\N\t\\N\t2019-10-03\t1A\n",
    "SQL*Plus": """Contacts; all teams; open and closed; October 2019; page 1; a; b; c; d
Child Unique ID,Gender,Ethnicity,Date of Birth,Date of Contact,Contact Source
---------------,-,----,-----------,-----------,--
         100001,F,WBRI,2010-05-01,2019-10-02,1A
         100002,(null),(null),(null),2019-10-03,1A

2 rows selected.

SQL> spool off
""",
    "Excel's formulas, and notes": '''Child ID,Gender,Date of Birth,Date of Contact,Contact Source,Notes
="100001",F,="01/05/2010",="02/10/2019",1A,"a; b; c; d; e; f; g; h"
"=""100002""",,,03/10/2019,1A,"a; b; c; d; e; f; g; h"
No filters applied
''',
}


def clean_file(raw: Path, text: str) -> CleanedLists:
    deliver_text(raw, text.encode(), name="contacts.csv")
    received = receive_deliveries(raw, AUTHORITY)
    assert received.refusals == []
    cleaned = clean_lists(received.lists, received.manifest, received.findings)
    assert len(cleaned.lists["contacts"]) + len(cleaned.quarantine) == received.manifest["rows_read"].sum()
    return cleaned


@pytest.mark.mess(26, 33)
@pytest.mark.parametrize("tool", FILES)
def test_two_children_are_two_children(raw: Path, tool: str) -> None:
    cleaned = clean_file(raw, FILES[tool])
    contacts = cleaned.lists["contacts"]
    assert contacts["child_id"].tolist() == ["100001", "100002"]
    assert contacts["contact_date"].dt.day.tolist() == [2, 3]
    assert contacts["gender"].isna().tolist() == [False, True]
    assert set(cleaned.quarantine["rule"]) <= {"footer_row", "blank_row"}
    assert not set(cleaned.issues["rule"]) & {"date_unreadable", "code_unmatched"}


def test_the_pupil_number_alone_is_the_id_with_a_warning(raw: Path) -> None:
    header = "Unique Pupil Number,Gender,Date of Birth,Date of Contact,Contact Source"
    rows = "A123456789012,F,2010-05-01,2019-12-30,1A\n,F,2019-05-01,2019-12-30,1A\n"
    cleaned = clean_file(raw, f"{header}\n{rows}")
    assert cleaned.lists["contacts"]["child_id"].tolist() == ["A123456789012"]
    assert cleaned.quarantine["rule"].tolist() == ["no_child_id"]
    warnings = cleaned.issues[cleaned.issues["severity"].eq("warning")]
    assert "id_is_pupil_number" in set(warnings["rule"])


SHIFTED = {
    "R's write.table": ["1,43701,02/10/2019,09/10/2019", "2,43702,03/10/2019,10/10/2019"],
    "a comma without quotes": ["43701,Oct 2, 2019,09/10/2019", "43702,Oct 3, 2019,10/10/2019"],
    "a note beside the table": ["43701,02/10/2019,09/10/2019,see file", "43702,03/10/2019,10/10/2019,same"],
}


@pytest.mark.parametrize("tool", SHIFTED)
def test_values_that_may_stand_under_other_headers_hold_the_list(raw: Path, tool: str) -> None:
    # Excel's numbers for days have five digits, as many ids have: read as dates they were visits.
    text = "\n".join(["Child Unique ID,Visit date,Visit due date", *SHIFTED[tool]])
    deliver_text(raw, text.encode(), name="cp_visits.csv")
    received = receive_deliveries(raw, AUTHORITY)
    cleaned = clean_lists(received.lists, received.manifest, received.findings)
    (doubts,) = find_unread_doubts(cleaned).values()
    words = (
        "Visits to children on child protection plans: 2 of the 2 rows have more cells than the header row"
    )
    assert [doubt.words for doubt in doubts if doubt.rule == "rows_shifted"] == [words]
    wide = cleaned.issues[cleaned.issues["rule"].eq("cells_beyond_header")]
    assert wide["excel_row"].tolist() == [2, 3]


@pytest.mark.mess(49)
def test_the_letters_t_and_f_of_postgresql_are_yes_and_no(raw: Path) -> None:
    header = (
        "Child Unique ID,Gender,LA in Touch,Suitability of Accommodation,Does the Child have a Disability"
    )
    deliver_text(raw, f"{header}\n1001,F,t,t,t\n1002,F,f,f,f\n".encode(), name="care_leavers.csv")
    received = receive_deliveries(raw, AUTHORITY)
    cleaned = clean_lists(received.lists, received.manifest, received.findings)
    columns = ["gender", "in_touch", "accommodation_suitability", "has_disability"]
    rows = cleaned.lists["care_leavers"][columns].astype(str).to_numpy().tolist()
    assert rows == [["F", "YES", "1", "Y"], ["F", "NO", "2", "N"]]
