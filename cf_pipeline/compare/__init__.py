"""How a figure differs from its references, and the phrase for the difference.

Belongs here: exact comparison of measured figures, and the words for it.
Does not belong here: measuring, forecasting, published figures of other places, the committee's headlines.
This module stays without imports: the settings take their limits from here, and must load quickly.
"""
