"""What the pages with records share: how rows about children are read, narrowed, counted and worded."""
