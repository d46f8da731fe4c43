"""Statistical process control: control limits, and signals told from noise."""
