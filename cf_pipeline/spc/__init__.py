"""Statistical process control: control limits, and which quarters differ by more than chance explains."""
