"""The synthetic case system: every true record of a council, drawn from a seed."""
