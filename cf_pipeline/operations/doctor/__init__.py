"""The doctor: one finding a check, with what is and what to do."""
