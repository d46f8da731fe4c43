"""Disclosure control: what each audience may see of an authority's figures, and the attack that tests it.

Belongs here: the policy, the equations between published counts, suppression, and the attacker. Does not
belong here: storing a publication (`warehouse`), showing it (`outputs`).
"""
