"""Lineage of a figure: the records behind it, its steps of counting, its earlier reports and revisions."""
