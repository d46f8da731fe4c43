"""Merge the deliveries of one authority into one history a list (docs/history.md).

Belongs here: natural keys, which delivery's rows count, vanished records, derived columns, coverage.
Does not belong here: reading cells, counting KPIs.
This module stays without imports: a run with nothing new loads what an acceptance is, and no pandas.
"""
