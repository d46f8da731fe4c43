"""The page of one KPI: trend, breakdowns, comparisons, forecast, limits, definition, data, revisions."""
