"""Dates of the field: working days, calendar months, quarters and financial years."""
