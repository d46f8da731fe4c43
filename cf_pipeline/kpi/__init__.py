"""The KPI registry (data), the periods it is measured over, and the measures themselves.

Belongs here: what a KPI counts and for which period.
Does not belong here: merging deliveries, forecasting, wording.
"""
