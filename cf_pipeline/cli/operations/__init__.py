"""Commands of whoever runs the pipeline."""
