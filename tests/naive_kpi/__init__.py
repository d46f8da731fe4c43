"""The whole catalogue counted a second time, in plain loops, from rows as a council delivers them.

It is written from the rules (the definitions, the law, Ofsted's guidance) and imports nothing of the
product, so that what both agree on is not one mistake made once. Slow and plain on purpose.
"""
