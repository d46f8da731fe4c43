"""The averaged grid of models: its matrices, the expected rest of a year, and the ranges."""
