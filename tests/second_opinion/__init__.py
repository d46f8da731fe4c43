"""The whole catalogue counted, and the committee's table written, a second time in plain loops.

`counting` and `wording` are written from the rules (the definitions, the law, Ofsted's guidance) and import
nothing of the product, so that what both agree on is not one mistake made once. Slow and plain on purpose.
A KPI is counted in `counting/areas`, in the module named after its registry file.
"""
