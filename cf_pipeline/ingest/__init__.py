"""Spreadsheets in `raw/` to cells of text, each with its place.

Belongs here: opening a file safely, finding the lists in it, matching headers, accounting for rows.
Does not belong here: the meaning of a cell (dates, codes, numbers); that is `clean`.
This module stays without imports: the parser process imports its siblings and must start without pandas.
"""
