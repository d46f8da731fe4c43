"""Results of reading, cleaning and comparing, kept in the lake under the hash of what decides them."""
