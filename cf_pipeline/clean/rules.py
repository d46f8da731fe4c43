"""Every rule a delivered row, cell or file can break: one small object each, nothing else.

A rule is data. Where it is looked for is in `columns`, `quarantine` and `checks`; what it says is here, and a
page or a workbook can be made from this table alone. `{column}` is the header the council knows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "info"]


@dataclass(frozen=True)
class Rule:
    """A rule: its code, how bad breaking it is, what is said and what to do about it.

    Neither text ever holds a cell's value. `lists` narrows the rule to some lists (empty: all);
    `is_quarantine` means that the row is set aside and counted, not loaded.
    """

    code: str
    severity: Severity
    message: str
    suggestion: str
    lists: tuple[str, ...] = ()
    is_quarantine: bool = False
    kpis: tuple[str, ...] = ()


ALL_RULES = (
    # rows set aside
    Rule(
        "no_child_id",
        "error",
        "the row holds data but no identifier",
        "enter the identifier in the case system and export again",
        is_quarantine=True,
    ),
    Rule(
        "id_digits_lost",
        "error",
        "'{column}' was shown as 1.2E+07 and has lost its last digits",
        "format the column as text before the export is saved",
        is_quarantine=True,
    ),
    Rule("total_row", "info", "a totals row, not a record", "nothing; it is not counted", is_quarantine=True),
    Rule(
        "footer_row",
        "info",
        "a note below or between the records, not a record",
        "nothing; it is not counted",
        is_quarantine=True,
    ),
    Rule(
        "repeated_header",
        "info",
        "the header row again, not a record",
        "nothing; it is not counted",
        is_quarantine=True,
    ),
    # cells
    Rule(
        "date_unreadable",
        "error",
        "'{column}' cannot be read as a date and is taken as blank",
        "write the date as dd/mm/yyyy",
    ),
    Rule(
        "date_placeholder",
        "info",
        "'{column}' holds a placeholder date (1900, 1753, 9999) and is taken as blank",
        "leave the cell blank when there is no date",
    ),
    Rule(
        "number_unreadable",
        "warning",
        "'{column}' cannot be read as a number and is taken as blank",
        "write digits only",
    ),
    Rule(
        "postcode_unreadable",
        "warning",
        "'{column}' is not a postcode and is taken as blank",
        "write a full postcode, or leave it blank when the placement is confidential",
    ),
    Rule(
        "code_unmatched",
        "warning",
        "'{column}' holds a wording that fits no code of its list; taken as blank",
        "use the wording of the guidance, or add the wording to [codes] in the council's mapping.toml",
    ),
    Rule(
        "code_label_conflict",
        "warning",
        "in '{column}' the code and the words beside it mean different things; the code is kept",
        "check which of the two is right in the case system",
    ),
    Rule(
        "other_id_digits_lost",
        "warning",
        "'{column}' was shown as 1.2E+07, has lost digits and is taken as blank",
        "format the column as text before the export is saved",
    ),
    # a whole column or list
    Rule(
        "column_missing",
        "warning",
        "column '{column}' is not in the sheet: figures that need it are left out",
        "add the column to the export",
    ),
    Rule(
        "source_id_missing",
        "info",
        "column '{column}' is not in the sheet: records are told apart by child and dates",
        "add the case system's own identifier to the export",
    ),
    Rule(
        "list_supplied_twice",
        "warning",
        "the delivery holds this list more than once, with records in common",
        "deliver each list once",
    ),
    # rows as a whole
    Rule(
        "key_date_missing",
        "error",
        "'{column}' is blank: the row cannot be placed in time and counts in no period",
        "enter the date in the case system",
    ),
    Rule(
        "end_before_start",
        "error",
        "'{column}' is before the start date",
        "correct whichever of the two dates is wrong",
    ),
    Rule(
        "event_before_birth",
        "error",
        "'{column}' is more than nine months before the date of birth",
        "correct the date or the date of birth",
    ),
    Rule(
        "event_after_as_at",
        "warning",
        "'{column}' is after the delivery's as-at date",
        "correct the year, or the delivery's as-at date",
    ),
    Rule(
        "event_before_window",
        "info",
        "'{column}' is older than the period the delivery covers; the row is kept",
        "nothing, when the export is meant to reach back further",
    ),
    Rule(
        "unborn_child",
        "info",
        "the date of birth is after the as-at date: taken as an unborn child",
        "nothing, when it is the expected date of birth",
    ),
    Rule(
        "unborn_in_care",
        "error",
        "the date of birth is after the as-at date in a list that holds no unborn child",
        "correct the date of birth",
        lists=("children_in_care", "care_leavers"),
    ),
    Rule(
        "birth_date_too_late",
        "error",
        "the date of birth is more than nine months after the as-at date",
        "correct the date of birth",
    ),
    Rule(
        "age_differs",
        "info",
        "'{column}' differs by more than a year from the age by the date of birth",
        "check the date of birth",
    ),
    # codes
    Rule(
        "code_inferred",
        "info",
        "'{column}' fits no code of its list; a key word in it suggested the code that is used",
        "add the wording to [codes] in the council's mapping.toml, with this code or the right one",
    ),
    Rule(
        "two_facts_split",
        "info",
        "'{column}' was blank and takes the second fact written in the column beside it",
        "export the two facts in their own columns",
    ),
)

RULES: dict[str, Rule] = {rule.code: rule for rule in ALL_RULES}
"""Every rule by its code."""
