"""A worksheet that writes equal cells at the cost of one."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import CellStringTuple, Worksheet


class FastPage(Worksheet):  # type: ignore[misc]  # xlsxwriter has no types
    """Gives the same file as xlsxwriter's own worksheet, whose methods write every cell that is new.

    `xml_by_cell`: the id of a cell, which all pages of the workbook keep, -> what is written after its place.
    """

    fh: Any
    xml_by_cell: dict[int, str]

    def write_again(self, row: int, cells: Mapping[int, Any]) -> None:
        """Write cells of a row that stand in the table of another place, or of another page of the workbook.

        Args:
            row: its number, from 0.
            cells: by the number of the column, from 0.
        """
        if (
            cells
            and not self._check_dimensions(row, min(cells))
            and not self._check_dimensions(row, max(cells))
        ):
            self.table[row].update(cells)
            self.str_table.count += [cell.__class__ for cell in cells.values()].count(CellStringTuple)

    def _calculate_spans(self) -> None:
        """The first and last column of each 16 rows, which the file states with them."""
        found: dict[int, tuple[int, int]] = {}
        for row, cells in self.table.items():
            if cells:
                first, last = found.get(row // 16, (self.dim_colmax, 0))
                found[row // 16] = min(first, *cells), max(last, *cells)
        self.row_spans = {block: f"{first + 1}:{last + 1}" for block, (first, last) in found.items()}

    def _write_rows(self) -> None:
        """The XML of the rows; the library calls it when the workbook is closed.

        A cell's XML is its place and then the same in every place of that cell.
        """
        self._calculate_spans()
        columns = [xl_col_to_name(number) for number in range(self.dim_colmax + 1)]
        after_place = self.xml_by_cell
        for row in range(self.dim_rowmin, self.dim_rowmax + 1):
            cells = self.table[row]
            self._write_row(row, self.row_spans.get(row // 16), self.row_info.get(row))
            number = str(row + 1)
            parts = []
            for column, cell in sorted(cells.items()):
                after = after_place.get(id(cell))
                if after is None:
                    after = after_place[id(cell)] = self._after_place(row, column, cell)
                parts.append(f'<c r="{columns[column]}{number}"{after}')
            self.fh.write("".join(parts))
            self._xml_end_tag("row")

    def _after_place(self, row: int, column: int, cell: Any) -> str:
        """What the library writes of a cell after its place."""
        file, self.fh = self.fh, io.StringIO()
        self._write_cell(row, column, cell)
        xml, self.fh = str(self.fh.getvalue()), file
        return xml[xml.index('"', len('<c r="')) + 1 :]
