"""Charts of what was published: each with a title that states its message, its data table and a picture.

Belongs here: which figures a chart shows, its words and its picture as Vega-Lite.
Does not belong here: working out a figure, or what surrounds a chart on a page.
"""
