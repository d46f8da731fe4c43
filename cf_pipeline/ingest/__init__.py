"""Spreadsheets in `raw/` to text cells with their provenance.

Belongs here: opening a file safely, finding the lists in it, matching headers, accounting for rows.
Does not belong here: what a cell means (dates, codes, numbers); that is `clean`.
This module stays empty: the reading child imports its siblings and must start without pandas.
"""
