"""Attackers written apart from the product: they read published rows and share no code with it."""
