"""What each list is: its columns, types, codes, keys and words.

Belongs here: facts about lists, code sets and authorities, loaded from data and checked once.
Does not belong here: reading files, matching spellings, counting anything.
"""
