"""Privacy over time: erasure, retention, rotation of the key, and what is held on one child."""
