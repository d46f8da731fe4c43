"""Data quality as people read it: trends of issues, their texts, proposals for the council's mapping."""
