"""The file formats that are read: one module a format, one entry each in `table.py`.

Belongs here: recognising a format by its bytes, refusing what is unsafe to parse, the rows of its sheets, the
cells that a first reading cannot tell from a blank. Runs in the parser process.
"""

# Stays without imports: the parser process imports these modules and must start without pandas.
