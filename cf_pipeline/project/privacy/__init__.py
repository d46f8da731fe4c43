"""Who was erased, and what is kept of it."""
