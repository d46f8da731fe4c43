"""What all assets share: partitions, policies, the factory of steps, progress, running in process."""
