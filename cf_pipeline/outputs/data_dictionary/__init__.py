"""The data dictionary: every table, view and column that people may read, in words, from the contracts."""

FILE_NAME = "data_dictionary.html"
"""Its file in the folder of outputs: one for all authorities."""
