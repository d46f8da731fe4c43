"""Alerts: what is due, whether it was told before, and the channels that tell it."""
