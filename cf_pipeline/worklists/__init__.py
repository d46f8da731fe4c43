"""Today's lists: what is open, due and overdue at the newest delivery, and each child's events in order.

Belongs here: which records a list holds, the day each is due, and what stands beside it. Does not belong
here: what a KPI counts (`kpi`): a list that has a KPI takes its records from the KPI's own definition.
"""
