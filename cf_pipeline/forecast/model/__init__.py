"""The averaged family of models: its grid, its expectation of the rest of a year, its ranges."""
