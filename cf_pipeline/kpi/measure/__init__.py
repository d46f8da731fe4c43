"""Count: the records, categories and periods of each KPI, by quarter and by month."""
