"""The publication of the lake: what is published of each authority, and what stays as it is."""
