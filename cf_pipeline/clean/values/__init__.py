"""From the text of a cell to a typed value: dates, numbers, ids, blanks, repairs."""
