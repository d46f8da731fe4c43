"""A semantic model for Power BI (TMDL), made from the contracts of `published_v1`: no rows, only definitions.

Nobody here has opened it in Power BI: there is none on the machines this is made on. What can be checked
without it is checked: every table, column, relationship and reference in a measure is one of the contract's.
"""
