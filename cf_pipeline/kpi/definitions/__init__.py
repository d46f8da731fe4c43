"""What each KPI is: the records of the registry, read, checked and put in words."""
