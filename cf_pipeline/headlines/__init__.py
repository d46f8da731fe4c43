"""The committee's headlines: one row an area, generated from the figures by templates."""
