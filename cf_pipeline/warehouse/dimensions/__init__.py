"""The dimensions of `published_v1`, and the keys by which facts belong to them."""
