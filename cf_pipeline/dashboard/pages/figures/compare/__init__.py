"""The page of comparisons: up to three measures by period, with places and authorities beside."""
