"""From wordings to canonical codes: the code book, its matching rules, and wordings without a code."""
