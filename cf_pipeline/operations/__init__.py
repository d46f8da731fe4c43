"""What whoever runs the pipeline does beside running it: privacy over time, and the log of who did what."""
