"""The series that forecasts start from: their kind, their known periods, and faults in them."""
