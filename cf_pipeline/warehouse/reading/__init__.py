"""Ways to read a publication: one of an older version, and a large one part by part."""
