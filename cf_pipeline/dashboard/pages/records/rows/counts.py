"""Counts of the rows of a list: by team, and of this week and month."""

from __future__ import annotations

import pandas as pd

from cf_pipeline.dashboard.content import Cell, Column, Section, TableView
from cf_pipeline.dashboard.pages.records.rows.cells import number_cell, team_cell
from cf_pipeline.dashboard.pages.records.rows.filters import NOBODY, find_due
from cf_pipeline.dashboard.pages.records.rows.labels import code_text
from cf_pipeline.dashboard.pages.records.rows.list_words import ListWords
from cf_pipeline.dashboard.visit import Visit


def count_teams(visit: Visit, items: pd.DataFrame) -> tuple[Section, ...]:
    """The rows of each team, with those over their last day; nothing of a list of one team."""
    if items["team"].nunique(dropna=False) < 2:
        return ()
    worklist, has_due = str(items["worklist"].iloc[0]), bool(items["due_date"].notna().any())
    over = find_due(items, "over").fillna(value=False).astype(bool)
    rows = []
    for team, of_team in items.assign(over=over).groupby(items["team"].fillna(NOBODY).astype(str)):
        cell = team_cell(None if team == NOBODY else team)
        choice = {"team": str(team)}
        late = int(of_team["over"].sum())
        row = [cell, number_cell(len(of_team), visit.href("worklist", choice, worklist=worklist))]
        if has_due:
            href = visit.href("worklist", {**choice, "due": "over"}, worklist=worklist) if late else None
            row.append(number_cell(late, href))
        rows.append(tuple(row))
    columns = (Column("Team"), Column("Rows", is_number=True))
    late_column = (Column("Over the last day", is_number=True),) if has_due else ()
    table = TableView("teams", "Rows by team", (*columns, *late_column), tuple(rows), "No team has a row.")
    return (Section("by-team", "By team", (table,)),)


def count_recent(visit: Visit, items: pd.DataFrame, words: ListWords) -> tuple[Section, ...]:
    """The rows of this week (from Monday) and this month, by team and category, of a list that is recent."""
    if not words.is_recent or items.empty:
        return ()
    day = items["as_at"].iloc[0]
    monday, first = day - pd.Timedelta(days=day.weekday()), day.replace(day=1)
    counts = (
        items.assign(
            week=items["start_date"].ge(monday),
            month=items["start_date"].ge(first),
            team=items["team"].astype(object).where(items["team"].notna(), None),
            category=items["category"].astype(object).where(items["category"].notna(), None),
        )
        .groupby(["team", "category"], dropna=False, sort=True)[["week", "month"]]
        .sum()
        .reset_index()
    )
    rows = tuple(
        (
            team_cell(row.team),
            Cell(code_text(row.category, words.codes)),
            number_cell(row.week),
            number_cell(row.month),
        )
        for row in counts.itertuples(index=False)
    )
    table = TableView(
        "recent",
        f"{words.title or 'Rows'}: this week and this month, by team and {words.category.lower()}",
        (
            Column("Team"),
            Column(words.category),
            Column("This week", is_number=True),
            Column("This month", is_number=True),
        ),
        rows,
        "There is none.",
    )
    return (Section("this-week-and-month", "This week and this month", (table,)),)
