"""The pages with figures: overview, area, KPI, comparison, forecasts, search, and all authorities.

Belongs here: which published rows a page reads, and the content made of them. Figures, words and charts are
those of the reports (`outputs`). Does not belong here: a record of a child, or how a page looks.
"""
