"""Whole-number linear algebra of small systems: what is determined, and what a number may be.

Belongs here: exact answers about relations between whole numbers. Does not belong here: KPIs, audiences.
"""
