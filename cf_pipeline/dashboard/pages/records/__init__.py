"""The pages with rows about children, for those with a share of them, and the page of data quality."""
