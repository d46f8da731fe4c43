"""Definitions of the KPIs: the records of the registry, read, checked and described in plain words."""
