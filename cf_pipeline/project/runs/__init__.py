"""What a run leaves for the next one: a record of each authority, and what was printed at its end."""
