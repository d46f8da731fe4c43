"""Find the lists in the cells of a file: header rows, columns, tables of a sheet, unmatched headers."""
