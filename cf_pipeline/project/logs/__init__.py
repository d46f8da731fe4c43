"""Logs that grow only, and that show when somebody changed them."""
