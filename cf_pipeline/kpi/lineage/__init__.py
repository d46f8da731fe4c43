"""Where a figure comes from: the records behind it, what was reported earlier, what revised it."""
