"""The project folder: its settings, its setup, its locks, and where the lake keeps each table.

Belongs here: reading `pipeline.toml` and the environment, small files of state under the data folder.
Does not belong here: anything about a list, a KPI or a figure.
"""
