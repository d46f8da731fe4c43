"""Which category a counted record is in: of a breakdown, or of a distribution."""
