"""`cf-pipeline release`: its sentences, and the files that the public reads."""
