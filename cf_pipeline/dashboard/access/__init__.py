"""Who reads the dashboard, and what each role may see."""
