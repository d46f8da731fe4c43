"""What an attacker writes down from published rows: plain dictionaries, plain loops.

An unknown is (name, period, category); a row of an equation is {unknown: factor} and its right-hand side 0.
The names are 'referrals', 'repeats', 'nfa', 'not repeats' and 'not nfa' for what is left of them, and
'adoptions' and 'waits' for the children behind an average and a median.
"""

from __future__ import annotations

AGES, GENDERS = ("<1", "1-4", "5-9", "10-15"), ("F", "M")
COUNTS = {
    "referrals_count": ("referrals", None),
    "rereferrals_12m_pct": ("repeats", "referrals"),
    "referrals_nfa_pct": ("nfa", "referrals"),
    "referrals_rate_10k": ("referrals", None),
    "adopt_a2_days": (None, "adoptions"),
    "contacts_median_days": (None, "waits"),
}
"""The name of each KPI's numerator and denominator; the population is known to all."""
PARTS = ("repeats", "nfa")


def read_release(rows):
    """The shown counts, and the unknowns in whose place a symbol stands.

    `rows` are dictionaries of published rows; a missing number is None.
    """
    known, hidden = {}, set()
    for row in rows:
        if row["kpi_id"] not in COUNTS or row["symbol"] == "x":
            continue
        for name, column in zip(COUNTS[row["kpi_id"]], ("numerator", "denominator"), strict=True):
            if name is None:
                continue
            unknown = (name, read_period(row), row["category"])
            if row[column] is not None:
                known[unknown] = int(row[column])
            elif row["symbol"] == "c":
                hidden.add(unknown)
    return known, hidden - known.keys()


def read_period(row):
    """('quarter' or 'year', quarter's key): a year is a year to date through quarter 4."""
    return ("quarter" if row["basis"] == "quarter" else "year", row["quarter_key"])


def write_equations(unknowns):
    """Every equation with right-hand side 0 between the unknowns: sums, years, what is left of a part."""
    equations = []
    names = {(name, period) for name, period, _ in unknowns}
    for name, period in sorted(names):
        for categories in (AGES, GENDERS):
            cells = [(name, period, category) for category in categories]
            if all(cell in unknowns for cell in cells) and (name, period, "all") in unknowns:
                equations.append({(name, period, "all"): -1} | dict.fromkeys(cells, 1))
    for name, period, category in sorted(unknowns):
        if period[0] == "year":
            year, quarter = period[1].split(" Q")
            quarters = [(name, ("quarter", f"{year} Q{n}"), category) for n in range(1, int(quarter) + 1)]
            if all(cell in unknowns for cell in quarters):
                equations.append({(name, period, category): -1} | dict.fromkeys(quarters, 1))
        if name in PARTS and ("referrals", period, category) in unknowns:
            rest = (f"not {name}", period, category)
            equations.append({(name, period, category): 1, rest: 1, ("referrals", period, category): -1})
    return equations


def lowest_value(unknown, known, hidden):
    """1 where the symbol stands beside a shown category of its breakdown, else 0: zeros are shown."""
    name, period, category = unknown
    if unknown not in hidden:
        return 0
    if category == "all":
        return 1
    cells = [(name, period, other) for other in (AGES if category in AGES else GENDERS)]
    if name in PARTS:
        # A category without referrals has none of them, whatever is hidden.
        cells = [cell for cell in cells if known.get(("referrals", period, cell[2])) != 0]
    return int(len(cells) == 1 or any(cell in known for cell in cells))
