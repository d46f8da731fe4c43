"""The tables of the history: their columns, derived columns included, and the status of a record."""
