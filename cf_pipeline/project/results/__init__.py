"""Results of reading and cleaning, kept in the lake under the hash of what decides them."""
