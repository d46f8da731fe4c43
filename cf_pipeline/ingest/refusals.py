"""Why a file or a delivery is refused: one plain sentence each, never a cell's value.

Belongs here: the refusals that any file may have, and the form of every sentence.
Does not belong here: a refusal of one file format alone; it is in the format's entry.
"""

from __future__ import annotations

from cf_pipeline.errors import escape_invisible
from cf_pipeline.ingest.files.formats.table import format_reasons

NO_AS_AT = "the delivery has no as-at date"
"""Start of the reasons of a file that has no date yet."""
REASONS: dict[str, str] = {
    "empty_file": "the file is empty (0 bytes); export it again",
    "too_large": "the file is larger than the limit; split it into several workbooks",
    "encrypted": "the workbook is protected by a password; save it without one",
    "markup": "the file is a web page or XML saved under a spreadsheet's name; "
    "open it in Excel and save it as .xlsx",
    "corrupt": "the file is damaged or only half copied; export it again",
    "unsafe_archive": "the workbook unpacks to far more than a workbook holds; "
    "open it in Excel and save it as a new .xlsx",
    "far_cell": "a cell far outside the table ({detail}) makes the sheet too large to open; "
    "delete the rows and columns around it and save",
    "too_many_sheets": "the workbook holds more sheets than the limit; keep the sheets of the lists only",
    "too_many_columns": "a row holds more columns than Excel allows; export it again",
    "odd_name": "the name of the file or of its folder holds characters that cannot be seen; rename it",
    "memory": "the file needs more memory than the limit; split it into several workbooks",
    "time": "reading the file takes longer than the limit; split it into several workbooks",
    "crashed": "the file could not be parsed; open it in Excel and save it as a new .xlsx",
    "not_a_file": "it is a link or a device, not a file; put the file itself there",
    "linked_folder": "it is a link, not a folder; put the folder itself there",
    "closed_folder": "the folder could not be opened; check that it is there and may be read",
    "file_for_folder": "it is a file where the folder of a delivery should be; put the spreadsheets in a "
    "folder of that name",
    "changing": "the file was still being written while it was read; run again when the copy has ended",
    "vanished": "the file could not be opened; check that it is there and may be read",
    "no_list": "no sheet has the headers of a known list; check the header row against the list contracts",
    "ambiguous": "the headers fit more than one list ({detail}); name the sheet or the file after its list",
    "key_column_missing": "it looks like the list {detail}; give the columns the headers of the guidance",
    "unknown_table": "above or below a list stands a table whose headers are of no known list, and it is "
    "left out; put it on a sheet of its own, or name its headers in mapping.toml",
    "no_date": "the delivery has no as-at date; put the file in a folder named YYYY-MM-DD, "
    "or the date in its name",
    "folder_unclear": "the delivery has no as-at date: its folder's name may be several days; "
    "rename the folder to {detail}",
    "not_spreadsheet": "not a spreadsheet; ignored",
    "duplicate": "the same content as {detail}; ignored",
    "empty_folder": "the delivery holds no spreadsheet; add the files or remove the folder",
    "no_delivery": "no delivery found; put spreadsheets in a folder named YYYY-MM-DD under it",
}
"""Kind of a refusal -> what is wrong; what to do."""


REASONS_THAT_PASS = ("changing", "vanished", "closed_folder")
"""Refusals of what a file is at a moment: a run that meets one is not the last word on its inputs."""


def refusal_reason(kind: str, detail: str = "") -> str:
    """What is wrong and what to do, for a kind of `REASONS` or of a file format.

    Raises:
        KeyError: there is no such kind.
    """
    return (REASONS | format_reasons())[kind].format(detail=escape_invisible(detail))


def may_pass(sentence: str) -> bool:
    """Whether a sentence of refusal is about the moment at which the file was read."""
    return any(refusal_reason(kind) in sentence for kind in REASONS_THAT_PASS)


def refusal_sentence(location: str, kind: str, detail: str = "", delivery: str | None = None) -> str:
    """Location and reason as one sentence; `delivery` when the whole of it is refused: docs/rulings.md#19."""
    whole = f"; the whole delivery {delivery} is left out until then" if delivery else ""
    return f"{escape_invisible(location)}: {refusal_reason(kind, detail)}{whole}"
