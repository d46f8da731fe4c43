"""Rules about files, sheets and headers: `ingest` finds what breaks them and hands it over as findings."""

from __future__ import annotations

from cf_pipeline.clean.rule import Rule

READING_RULES = (
    # what opening the file noticed
    Rule(
        "cell_error",
        "error",
        "'{column}' holds an Excel error (#REF!, #N/A, #VALUE!) and is taken as blank",
        "correct the formula in the workbook, or enter the value itself",
    ),
    Rule(
        "formula_not_calculated",
        "error",
        "'{column}' holds formulas that were never calculated: those cells are taken as blank",
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
)
