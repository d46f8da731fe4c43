"""Rules that hold a list or a delivery until someone accepts it, and what is told beside them.

What breaks them is found where deliveries are compared (`history/holds`): docs/rulings.md#9, 22 to 25 and 33.
"""

from __future__ import annotations

from cf_pipeline.clean.rules.rule import Rule

DELIVER_OR_ACCEPT = "deliver it again, or confirm it with `cf-pipeline accept`"

DOUBT_RULES = (
    Rule(
        "dates_unread",
        "error",
        "the list is held, it counts nowhere: over one in twenty of the dates in '{column}' cannot be read",
        f"write the dates as dd/mm/yyyy and {DELIVER_OR_ACCEPT}",
    ),
    Rule(
        "births_impossible",
        "error",
        "the list is held, it counts nowhere: by most dates in '{column}' these are adults of 27 or more, or"
        " born long after the as-at date",
        "write the dates as dd/mm/yyyy (a program's own number for a day is read as Excel's) and"
        f" {DELIVER_OR_ACCEPT}",
    ),
    Rule(
        "ids_unusable",
        "error",
        "the list is held, it counts nowhere: more than one row in twenty has no usable identifier",
        f"enter the identifiers, format their column as text and {DELIVER_OR_ACCEPT}",
    ),
    Rule(
        "rows_shifted",
        "error",
        "the list is held, it counts nowhere: more than one row in twenty has more cells than the header row,"
        " so that values may stand under other headers",
        f"export with every text in quotes and a header for every column, and {DELIVER_OR_ACCEPT}",
    ),
    Rule(
        "no_row_left",
        "error",
        "the list is held, it counts nowhere: every row of it was set aside, which is not the same as none",
        f"see why in the issues of its rows; {DELIVER_OR_ACCEPT}",
    ),
    Rule(
        "records_vanished",
        "error",
        "the list is held, it counts nowhere: over a fifth of the records it should hold are gone",
        f"check the filters of the export and {DELIVER_OR_ACCEPT}",
    ),
    Rule(
        "sheets_overlap",
        "error",
        "the list is held, it counts nowhere: two sheets of a file became this list and their dates overlap",
        "deliver one of them; or, when both are this list, name both under [sheets] in the council's"
        " mapping.toml",
    ),
    Rule(
        "as_at_too_late",
        "error",
        "held, it counts nowhere: the newest event is too long before the delivery's as-at date",
        f"check the as-at date and the period of the export and {DELIVER_OR_ACCEPT}",
    ),
    Rule(
        "ids_in_other_form",
        "error",
        "the delivery is held, it counts nowhere: most ids are known ones with other zeros in front",
        f"export the identifiers in one form and {DELIVER_OR_ACCEPT}",
    ),
    Rule(
        "dates_after_as_at",
        "error",
        "the delivery is held, it counts nowhere: more than one date in twenty is after its as-at date",
        f"check the as-at date and {DELIVER_OR_ACCEPT}",
    ),
    Rule(
        "many_lists_held",
        "error",
        "the delivery is held, it counts nowhere: over a third of its lists, and at least three, are held",
        f"see what is wrong in each list; {DELIVER_OR_ACCEPT}",
    ),
    Rule(
        "doubt_accepted",
        "warning",
        "what is doubtful in the list counts, because someone accepted it: see who and why at the delivery",
        "nothing, when the decision still stands",
    ),
    Rule(
        "as_at_perhaps_late",
        "warning",
        "the newest event is rather long before the delivery's as-at date",
        "check the as-at date and the period of the export",
    ),
    Rule(
        "date_far_before",
        "error",
        "'{column}' is far before the other dates, after quarters without any event; the row is kept, and the"
        " delivery covers nothing before those quarters",
        "correct the year; or state in the folder's name from when the delivery covers (<from>_<as-at>)",
    ),
    Rule(
        "column_unread",
        "error",
        "over one in twenty of the dates in '{column}' cannot be read: figures that need it are left out",
        "write the dates as dd/mm/yyyy and deliver the list again",
    ),
    Rule(
        "end_unread",
        "error",
        "'{column}' cannot be read: the record counts neither as open nor as ended",
        "write the date as dd/mm/yyyy",
    ),
)
"""Rules of a list or delivery that cannot be true."""
