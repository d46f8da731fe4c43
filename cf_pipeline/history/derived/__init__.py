"""Derive columns and tables from the merged history: durations, due dates, links between lists, caseloads.

What each derived column means and needs is declared in `history/tables/derived_columns.py`.
"""
