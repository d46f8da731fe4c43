"""Figures of the KPIs: records counted by category and by quarter, year to date, year or month."""
