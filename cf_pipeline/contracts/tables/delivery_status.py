"""The status of a row of `raw/deliveries` and `clean/deliveries`: what became of a file that was received."""

from __future__ import annotations

READ = "read"
HELD = "held"
"""Left out until a person accepts the delivery."""
REFUSED = "refused"
IGNORED = "ignored"
"""No spreadsheet, or the same content as another file."""
