"""What a council sets for the dashboard."""
