"""The first page of an authority: changes, targets, the year's end, what is not known."""
