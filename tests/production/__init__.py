"""A production instance on one machine: the units' own commands, and a PostgreSQL server from packages."""
