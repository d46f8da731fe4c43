"""What the public reads: one script-free HTML file an authority, made from `public_v1` alone."""
