"""Two releases side by side: what was not revised between them is one unknown, with one set of equations."""

from __future__ import annotations

from tests.second_opinion.attackers.equations import lowest_value, read_release, write_equations


def combine_releases(releases, is_revised):
    """What two releases tell together: known counts, the lowest values of hidden ones, equations.

    Args:
        releases: the rows of each, by its name.
        is_revised: of an unknown as (name, period, category), whether its figure differs between the two.

    Returns:
        All with unknowns (name, period, category, release), the last empty where it is the same in both.
    """
    known, lowest, equations = {}, {}, []
    for release, rows in releases.items():
        own_known, own_hidden = read_release(rows)

        def tagged(unknown, release=release):
            return (*unknown, release if is_revised(unknown) else "")

        known |= {tagged(unknown): count for unknown, count in own_known.items()}
        for unknown in own_hidden:
            least = lowest_value(unknown, own_known, own_hidden)
            lowest[tagged(unknown)] = max(least, lowest.get(tagged(unknown), 0))
        equations += [
            {tagged(unknown): factor for unknown, factor in equation.items()}
            for equation in write_equations(own_known.keys() | own_hidden)
        ]
    # Years of one release beside quarters of the other.
    equations += [
        {(*unknown, ""): factor for unknown, factor in equation.items()}
        for equation in write_equations({key[:3] for key in known.keys() | lowest.keys() if key[3] == ""})
        if not any(is_revised(unknown) for unknown in equation)
    ]
    return known, lowest, equations


def subtract_releases(releases):
    """The plainest attack: a hidden count is what is shown in its place by the other release.

    Returns the unknowns hidden in one release and shown in the other, with the count that is shown.
    """
    (first, second) = (read_release(rows) for rows in releases.values())
    return {
        (name, unknown): shown[unknown]
        for name, (_, hidden), (shown, _) in zip(releases, (first, second), (second, first), strict=True)
        for unknown in hidden
        if unknown in shown
    }
