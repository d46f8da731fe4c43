"""Members of published counts whose records went: they stay as counted members without a person.

Where a count needs the rows of one list to leave out records of another (referrals that no enquiry followed),
and only the former went, the records that are left say no more which were counted: then no member of that
figure has a person, because a wrong one would be named.
"""

from __future__ import annotations

import pandas as pd

from cf_pipeline.kpi.lineage.records_behind import MEMBERS as MEMBER_ROWS

MEMBERS, UNTOLD = "members", "untold_members"
"""The parts of AMOUNTS: how many members of each list went; in which figures others would stand for them."""
FIGURE = ["period", "basis", "kpi_id", "breakdown"]
"""The breakdown of members is their role."""
OWN_FIGURE = ["quarter_key", "basis", "kpi_id", "role"]
LIST, PERSON, COUNT = "category", "person_ref", "numerator"
NAMES = {"quarter_key": "period", "role": "breakdown", "list": LIST}


def find_member_amounts(before: pd.DataFrame, after: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """What of the members of each figure went: part, as_at, FIGURE, category (their list) and numerator.

    Args:
        before: MEMBERS as published, those without a person included.
        after: MEMBERS counted without the records that go.
        day: the as-at date of both.
    """
    went = _difference(before, after, [*FIGURE, LIST])
    by_person = _difference(after, before, [*FIGURE, PERSON])
    untold = by_person[by_person[COUNT].gt(0)].groupby(FIGURE, as_index=False)[COUNT].sum()
    parts = [went[went[COUNT].ne(0)].assign(part=MEMBERS), untold.assign(part=UNTOLD, category="")]
    found: pd.DataFrame = pd.concat(parts, ignore_index=True)
    return found.assign(as_at=day)


def add_erased_members(members: pd.DataFrame, amounts: pd.DataFrame) -> pd.DataFrame:
    """Members (MEMBERS) with those that went: without a person, a record and a team.

    Args:
        members: as they are counted now.
        amounts: AMOUNTS of one as-at date.
    """
    went, untold = (amounts[amounts["part"].eq(part)] for part in (MEMBERS, UNTOLD))
    if went.empty and untold.empty:
        return members
    net = went.groupby(FIGURE)[COUNT].sum().rename_axis(OWN_FIGURE)
    members = members.astype({name: "str" for name in members if name != "member_no"})
    figures = pd.MultiIndex.from_frame(members[OWN_FIGURE])
    surplus = net.clip(upper=0).reindex(figures).fillna(0).to_numpy()
    size = members.groupby(OWN_FIGURE)["member_no"].transform("size").to_numpy()
    is_kept = members.groupby(OWN_FIGURE).cumcount().to_numpy() < size + surplus
    is_untold = figures.isin(pd.MultiIndex.from_frame(untold[FIGURE].astype("str")))
    members.loc[is_untold, [PERSON, "record_key", "team"]] = None
    members = members[is_kept]
    return MEMBER_ROWS.concat([members, _new_members(went, net, members)])


def erased_members(amounts: pd.DataFrame, kpi_id: str, quarter_key: str) -> int:
    """How many members of a KPI's total in a quarter went."""
    is_own = amounts["part"].eq(MEMBERS) & amounts["basis"].eq("quarter")
    is_own &= amounts["kpi_id"].eq(kpi_id) & amounts["period"].eq(quarter_key)
    return max(int(amounts.loc[is_own, COUNT].sum()), 0)


def _new_members(went: pd.DataFrame, net: pd.Series, members: pd.DataFrame) -> pd.DataFrame:
    """A row for each member that went and in whose place no other stands."""
    counts = went[went[COUNT].gt(0)].rename(columns=dict(zip(FIGURE, OWN_FIGURE, strict=True)))
    counts = counts.rename(columns={LIST: "list"})
    rows = counts.loc[counts.index.repeat(counts[COUNT].astype("int64")), [*OWN_FIGURE, "list"]]
    position = rows.groupby(OWN_FIGURE).cumcount()
    rows = rows[position.to_numpy() < net.reindex(pd.MultiIndex.from_frame(rows[OWN_FIGURE])).to_numpy()]
    known = members.groupby(OWN_FIGURE)["member_no"].max().rename("known").reset_index()
    rows = rows.merge(known, on=OWN_FIGURE, how="left")
    rows["member_no"] = rows.groupby(OWN_FIGURE).cumcount() + 1 + rows["known"].fillna(0).astype("int64")
    return rows.assign(person_ref=None, record_key=None, team=None)


def _difference(first: pd.DataFrame, second: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """How many more rows with the same values of some columns the first has: the columns and numerator."""
    counts = [_counts(members, columns) for members in (first, second)]
    both = counts[0].sub(counts[1], fill_value=0)
    return both.rename(COUNT).reset_index()


def _counts(members: pd.DataFrame, columns: list[str]) -> pd.Series:
    names = {old: new for old, new in NAMES.items() if new in columns}
    rows = members.rename(columns=names)[columns].astype("str")
    return rows.groupby(columns).size()
