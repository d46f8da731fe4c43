"""`published_v1` as a folder of files with a `datapackage.json`: for Excel, R, Python and Power Query.

The format is Data Package (https://specs.frictionlessdata.io). Belongs here: what is in a file and how it is
described. Does not belong here: reading the warehouse, and where the folder is.
"""
