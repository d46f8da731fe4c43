"""The report's figures as data, for analysts: tidy tables of totals and breakdowns, symbols and notes."""
