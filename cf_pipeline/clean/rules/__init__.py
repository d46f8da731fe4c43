"""The rules that a delivered file can break: their declarations, their checks, and the issues they write."""
