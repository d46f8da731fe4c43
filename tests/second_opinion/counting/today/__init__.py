"""What teams have open, due and overdue on a day, and what became of each record, in plain loops."""
