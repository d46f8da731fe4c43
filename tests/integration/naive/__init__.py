"""The product's figures and sentences a second time, in plain loops, sharing no code with it.

`days` knows dates, `records` turns frames into dicts, `figures` counts, `forecasts` carries a year on,
`wording` writes. Nothing here imports the measures, forecasts, comparisons or outputs it checks.
"""
