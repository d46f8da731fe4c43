"""Data quality as people read it: the trend of issues, their texts, and proposals for the council's mapping."""
