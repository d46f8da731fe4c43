"""Match the wordings of a coded column to canonical codes: code book, matching rules, unmatched wordings.

Documented in docs/codes.md.
"""
