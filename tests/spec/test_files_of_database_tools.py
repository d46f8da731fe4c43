"""A table as SQL tools write it to a file: two children, and nothing that stands around them is one."""

from __future__ import annotations

from pathlib import Path

import pytest

from cf_pipeline.clean import CleanedLists, clean_lists
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
