"""KPIs: the registry that defines them, the figures measured from it, and the records behind each figure.

Belongs here: what a KPI counts, in which period, and why a figure is absent.
Does not belong here: merging deliveries (`history`), forecasts (`forecast`), sentences (`headlines`).
"""
