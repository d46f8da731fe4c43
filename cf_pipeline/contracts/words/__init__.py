"""Words that mean the same in every list: an empty cell, no identifier, nobody. Standard library only."""
