"""The committee report: one model of its content, rendered as HTML."""
