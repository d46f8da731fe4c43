"""The methods that need no model: pro rata, last year's remainder, the latest value."""
