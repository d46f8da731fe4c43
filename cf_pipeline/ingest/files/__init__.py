"""Open a delivered file safely: its format, its cells, the parser process with its limits."""

# Stays without imports: the parser process imports its siblings and must start without pandas.
