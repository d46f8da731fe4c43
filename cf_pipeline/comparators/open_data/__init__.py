"""Reads open data of the Department for Education and the Office for National Statistics from files.

Belongs here: recognising published files, and reading their cells as values and symbols. What is read is
data (`data/datasets.toml`, `data/series.csv`): a renamed column is one more spelling there.
Does not belong here: which release is current, and any comparison.
"""

from cf_pipeline.comparators.open_data.catalogue import OpenDataError, Series, catalogue
from cf_pipeline.comparators.open_data.reading import OpenData, read_file, read_folder

__all__ = ["OpenData", "OpenDataError", "Series", "catalogue", "read_file", "read_folder"]
