"""The committee's headlines: one row an area, written from the figures with templates.

Belongs here: which sentence of `data/headlines.toml` fits which figures.
Does not belong here: measuring and comparing figures, and the size of a difference (`compare`).
"""
