"""`cf-pipeline export`: what is published as files for other programs."""
