"""Rules about files, sheets and headers. `ingest` finds what breaks them and passes it on as findings."""

from __future__ import annotations

from cf_pipeline.clean.rules.rule import Rule

READING_RULES = (
    # found while opening the file
    Rule(
        "cell_error",
        "error",
        "'{column}' holds an Excel error (#REF!, #N/A, #VALUE!): taken as blank, but a date is then"
        " unread, and figures that need it leave the record out",
        "correct the formula in the workbook, or enter the value itself",
    ),
    Rule(
        "formula_not_calculated",
        "error",
        "'{column}' holds formulas that were never calculated: those cells are taken as blank, but a date is"
        " then unread, and figures that need it leave the record out",
        "open the workbook in Excel, save it and deliver it again",
    ),
    Rule(
        "id_padding_restored",
        "info",
        "'{column}' holds numbers that the workbook shows with leading zeros; the zeros are kept",
        "nothing; or format the column as text before the export is saved",
    ),
    Rule(
        "cells_not_checked",
        "warning",
        "the sheet holds errors, formulas or numbers with leading zeros that could not be looked at closer",
        "open the workbook in Excel and save it as a new .xlsx",
    ),
    Rule(
        "cells_beyond_header",
        "error",
        "the row has more cells than the header row: a comma stands in a cell without quotes, or a header is"
        " missing (R's write.table writes none for its row names), and values may stand under other headers",
        "export again with every text in quotes and a header for every column",
    ),
    # found while locating the lists
    Rule(
        "other_authority",
        "warning",
        "the row is of another authority and is not loaded",
        "deliver only this authority's rows, or put the file in each authority's folder",
        is_quarantine=True,
    ),
    Rule(
        "erased_child",
        "warning",
        "the row is of a child who was erased, and is not loaded",
        "leave the child out of the export; nothing else is needed, the row is not loaded either way",
    ),
    Rule(
        "past_retention",
        "info",
        "the list has rows of cases that ended longer ago than it is kept, and they are not loaded",
        "nothing; or deliver the cases of the last years alone",
    ),
    Rule(
        "authority_unknown",
        "warning",
        "the column that says whose row it is holds a wording that is no English authority's: this row, and"
        " every other with the same wording, is loaded as this authority's",
        "check whose rows they are; write the authority's full name or its GSS code, or leave the column out",
    ),
    Rule(
        "list_named_otherwise",
        "warning",
        "the name of the sheet or file is another list's: the headers decide, and it is read as this list",
        "check which list it is; rename it, or name its list under [sheets] in the council's mapping.toml",
    ),
    Rule(
        "id_filled_down",
        "warning",
        "'{column}' is a merged cell: the row takes the identifier of the merged cell's first row",
        "unmerge the cells and write the identifier in every row",
    ),
    Rule(
        "id_is_pupil_number",
        "warning",
        "the only identifier known in the sheet is the pupil number (UPN): children without one, most of them"
        " under five, are set aside, and it changes on adoption",
        "export the case system's own identifier of the child, or name its column in mapping.toml",
    ),
    Rule(
        "column_supplied_twice",
        "warning",
        "two columns stand for '{column}' and differ: the first with values is used",
        "keep one of them, or name the right one in mapping.toml",
    ),
    Rule(
        "as_at_differs",
        "warning",
        "a title row says another as-at date than the delivery's folder or file name",
        "check the date: the folder's or file name's is used",
    ),
)
