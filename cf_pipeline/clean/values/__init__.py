"""Parse the text of a cell into a typed value: dates, numbers, ids, blank words, repairs of the text."""
