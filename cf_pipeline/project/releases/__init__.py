"""Releases: what may leave the building, made on request, attacked, kept for good, and shown."""
