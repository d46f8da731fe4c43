"""Columns worked out from the merged history: ages, durations, links between lists, caseloads."""
