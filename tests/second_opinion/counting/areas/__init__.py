"""What each KPI counts: a module for each file of the KPI registry, under its name."""
