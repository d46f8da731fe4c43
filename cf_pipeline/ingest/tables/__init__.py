"""Find the lists in the cells of a file: header rows, sheets, columns, what was not recognised."""
