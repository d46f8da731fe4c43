"""The series that forecasts read: their keys and kinds, years to date, known periods and faults."""
