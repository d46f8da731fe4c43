"""The catalogue of all rules that a delivered cell, row, file or list can break.

A rule is data. docs/rules.md is generated from this catalogue and the rules of the merge. Rules with a check
are declared beside it in `dates`, `records`, `code_years`, `between_lists` and `counters`; the rules declared
here, and in `reading`, are checked where cells and sheets are read.
"""

from __future__ import annotations

from cf_pipeline.clean.rules.between_lists import LIST_RULES
from cf_pipeline.clean.rules.code_years import CODE_YEAR_RULES
from cf_pipeline.clean.rules.dates import DATE_RULES
from cf_pipeline.clean.rules.doubts import DOUBT_RULES
from cf_pipeline.clean.rules.reading import READING_RULES
from cf_pipeline.clean.rules.records import RECORD_RULES
from cf_pipeline.clean.rules.rule import Rule, Severity

__all__ = ["ALL_RULES", "ROW_RULES", "RULES", "Rule", "Severity"]

ROW_RULES = (*DATE_RULES, *RECORD_RULES, *CODE_YEAR_RULES)
"""Checked in the rows of each list, in this order."""

ALL_RULES = (
    # rows set aside
    Rule(
        "no_child_id",
        "error",
        "the row holds data but no identifier: '{column}' is blank, or a word for nothing, -1, 0, TRUE, a"
        " date or TEST",
        "enter the identifier in the case system and export again",
        is_quarantine=True,
    ),
    Rule(
        "id_digits_lost",
        "error",
        "'{column}' was shown as 1.2E+07, or is a number of more than 15 digits, and has lost its last"
        " digits",
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
        "'{column}' cannot be read as a date, which is not the same as blank: figures that need it leave the"
        " record out",
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
        "'{column}' was shown as 1.2E+07, or is a number of more than 15 digits, has lost digits and is taken"
        " as blank",
        "format the column as text before the export is saved",
    ),
    Rule(
        "other_id_unusable",
        "warning",
        "'{column}' holds -1, 0, TRUE, a date, TEST or an error in place of an identifier: taken as blank",
        "export the case system's own identifier, or leave the cell blank",
    ),
    Rule(
        "nobody_named",
        "info",
        "'{column}' holds words for nobody (Unallocated, Duty Team, Vacant, No): the record has nobody there",
        "nothing; or leave the cell blank",
    ),
    # a whole column or list
    Rule(
        "column_missing",
        "error",
        "column '{column}', which Annex A asks for, is not in the sheet under a header that is recognised:"
        " figures that need it are left out",
        "add the column to the export, or name its header in the council's mapping.toml (To decide)",
    ),
    Rule(
        "codes_unread",
        "error",
        "most wordings of '{column}' fit no code: figures that need it are left out",
        "use the wordings of the guidance, or add these to [codes] in the council's mapping.toml (To decide)",
    ),
    Rule(
        "optional_column_missing",
        "info",
        "column '{column}', which is optional, is not in the sheet: figures that need it are left out",
        "nothing, unless those figures are wanted: then add the column to the export",
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
    # repairs: the repaired value is used, and the repair is reported
    Rule(
        "text_repaired",
        "info",
        "'{column}' held letters garbled by a wrong encoding; they are put right",
        "export as UTF-8, or as an Excel workbook",
    ),
    Rule(
        "id_reformatted",
        "info",
        "'{column}' was a number, or carried an apostrophe, quotes or a formula; the text meant is used",
        "format the column as text before the export is saved",
    ),
    Rule(
        "number_reformatted",
        "info",
        "'{column}' held words, a thousands comma or part of a year; the number meant is used",
        "write whole numbers in digits only",
    ),
    Rule(
        "postcode_reformatted",
        "info",
        "'{column}' held other signs than letters, digits and spaces; the postcode is used without them",
        "write the postcode as letters, digits and one space",
    ),
    Rule(
        "date_two_digit_year",
        "info",
        "the year of '{column}' has two digits; it is read as the latest that is not after the as-at year"
        " and one",
        "write the date as dd/mm/yyyy",
    ),
    Rule(
        "date_from_serial",
        "info",
        "'{column}' was Excel's number of a day; the date it stands for is used",
        "format the column as a date before the export is saved",
    ),
    Rule(
        "date_from_zone",
        "info",
        "'{column}' held a time with a zone, and in London it was another day than the one written; London's"
        " day is used",
        "nothing; or export dates without a time of day",
    ),
    Rule(
        "date_time_dropped",
        "info",
        "'{column}' held a time of day; the date alone is used",
        "nothing, when the list asks for a date",
    ),
    Rule(
        "dates_month_first",
        "error",
        "'{column}' seems to be written month first (mm/dd): days over 12 cannot be read and the others"
        " are read day first, so months and days may be exchanged",
        "export the dates as dd/mm/yyyy; or, when the column is meant so, name it under month_first of"
        " [dates] in the council's mapping.toml",
    ),
    Rule(
        "blank_row",
        "info",
        "the row holds nothing but words for nothing, no record",
        "nothing; it is not counted",
        is_quarantine=True,
    ),
    *READING_RULES,
    *ROW_RULES,
    *LIST_RULES,
    *DOUBT_RULES,
)

RULES: dict[str, Rule] = {rule.code: rule for rule in ALL_RULES}
"""Every rule by its code."""
