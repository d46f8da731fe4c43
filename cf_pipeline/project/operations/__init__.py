"""The settings by which a service is watched: alerts, their secrets, and where a backup leaves its mark."""
