"""The warehouse as schemas of a PostgreSQL server."""
