"""The staff's dashboard: pages over what was published, with the records behind each figure.

Belongs here: what a page shows, who may see it, and how it becomes HTML, CSV or Excel. Does not belong here:
a database, the settings, the log of accesses (`cli/serving` hands them over), or the working out of a figure.
"""
