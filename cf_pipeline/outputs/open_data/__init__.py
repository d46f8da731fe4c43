"""The figures that the public is shown as open data, in the shape of the Department for Education's.

Belongs here: the data files, the files that describe their columns, `datapackage.json`; docs/open_data.md
says which rules they follow. Does not belong here: what is hidden (`disclosure`); where the files are put.
"""
