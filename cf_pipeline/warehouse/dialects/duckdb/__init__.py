"""The warehouse as DuckDB files."""
