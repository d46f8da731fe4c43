"""Issues summarised by rule and by child and counted by file, the most urgent first."""

from __future__ import annotations

import pandas as pd

from cf_pipeline.contracts.english import sentence
from cf_pipeline.quality.issue_places import describe_places, issue_places
from cf_pipeline.quality.rule_texts import rule_texts
from cf_pipeline.quality.text_groups import join_texts
from cf_pipeline.quality.trend import counts_by_delivery, is_newest, row_counts

SEVERITIES = ("error", "warning", "info")
"""The worst first."""
FIRST_SHEETS = 2
"""Sheets that are named for a child; further ones are counted."""
_RULE = ["rule", "severity"]


def severity_order(severities: pd.Series[str]) -> pd.Series[int]:
    """The position of each severity, the worst first; an unknown severity is last."""
    order = {name: number for number, name in enumerate(SEVERITIES)}
    return severities.map(order).fillna(len(order)).astype("int64")


def summarise_by_rule(issues: pd.DataFrame, manifest: pd.DataFrame) -> pd.DataFrame:
    """One row a rule: errors first, then the most frequent now.

    Columns: severity, rule, now (issues in the newest delivery of each list), before (in the delivery before
    that; null when there is none), change (in words), issues (in all deliveries), lists, message, suggestion,
    kpis, columns.
    """
    counts = counts_by_delivery(issues, manifest)
    newest = counts[counts["is_newest"]].groupby(_RULE)
    totals = counts.groupby(_RULE).agg(issues=("issues", "sum")).assign(lists=_lists(counts, _RULE))
    trend = pd.DataFrame(
        {"now": newest["issues"].sum(), "before": newest["issues_before"].sum(min_count=1)}
    ).reindex(totals.index)
    rows = totals.join(trend).reset_index().merge(rule_texts(issues, _RULE), on=_RULE)
    rows = rows.assign(now=rows["now"].astype("Int64").fillna(0), order=severity_order(rows["severity"]))
    for name in ("message", "suggestion"):
        rows[name] = to_sentences(rows[name])
    rows["change"] = _change(rows["now"] - rows["before"].astype("Int64"))
    rows["kpis"] = rows["kpis"].str.replace(";", "; ")
    ordered = rows.sort_values(["order", "now", "issues", "rule"], ascending=[True, False, False, True])
    return ordered.drop(columns="order").reset_index(drop=True)


def summarise_by_child(issues: pd.DataFrame, manifest: pd.DataFrame) -> pd.DataFrame:
    """One row a child with issues, the most errors in the newest deliveries first.

    Columns: person_ref, child_id, lists, error, warning, info (issues by severity, all deliveries), newest
    (issues of any severity in the newest delivery of their list), rules, where (the first places).
    """
    known = issues[issues["person_ref"].notna()].copy()
    known["issues"] = row_counts(known)
    newest = is_newest(known, manifest).astype(bool)
    known["order"] = severity_order(known["severity"])
    person = known.groupby("person_ref")
    columns: dict[str, pd.Series] = {
        "child_id": person["child_id"].first(),
        "lists": _lists(known, ["person_ref"]),
    }
    for severity in SEVERITIES:
        of_severity = known[known["severity"].eq(severity)]
        columns[severity] = of_severity.groupby("person_ref")["issues"].sum()
    columns["newest"] = known[newest].groupby("person_ref")["issues"].sum()
    urgent = known[newest & known["severity"].eq("error")].groupby("person_ref")["issues"].sum()
    rules = known.drop_duplicates(["person_ref", "rule"]).sort_values(["order", "rule"])
    columns["rules"] = join_texts(rules["rule"], [rules["person_ref"]])
    columns["where"] = _first_places(known, newest)
    rows = pd.DataFrame(columns).assign(urgent=urgent)
    counts = [*SEVERITIES, "newest", "urgent"]
    rows[counts] = rows[counts].astype("Int64").fillna(0)
    ordered = rows.rename_axis("person_ref").reset_index()
    ordered = ordered.sort_values(
        ["urgent", "error", "newest", "warning", "person_ref"], ascending=[False, False, False, False, True]
    )
    return ordered.drop(columns="urgent").reset_index(drop=True)


def count_by_file(issues: pd.DataFrame) -> pd.DataFrame:
    """The number of issues by delivery_id, file and list (the index), one column a severity."""
    keys = ["delivery_id", "file", "list"]
    counts = issues.assign(issues=row_counts(issues)).pivot_table(
        index=keys, columns="severity", values="issues", aggfunc="sum"
    )
    return counts.reindex(columns=list(SEVERITIES)).astype("Int64").fillna(0)


def _first_places(issues: pd.DataFrame, newest: pd.Series[bool]) -> pd.Series[str]:
    """The first places of each child, by person_ref: those of the newest delivery where there are any."""
    has_newest = issues["person_ref"].isin(set(issues.loc[newest, "person_ref"]))
    places = issue_places(issues[newest | ~has_newest], ["person_ref"])
    first = places[places.groupby("person_ref").cumcount() < FIRST_SHEETS]
    lines = join_texts(describe_places(first), [first["person_ref"]])
    others = places.groupby("person_ref").size() - FIRST_SHEETS
    more = others.map("; and {:,} more sheets".format).astype("str")
    return lines + more.mask(others.le(0), "")


def to_sentences(texts: pd.Series[str]) -> pd.Series[str]:
    """The texts as sentences, with a capital letter and a full stop; an empty text stays empty."""
    sentences = {text: sentence(text) if text else "" for text in texts.unique()}
    return texts.map(sentences).astype("str")


def with_sentences(issues: pd.DataFrame) -> pd.DataFrame:
    """The issues with message and suggestion as sentences."""
    texts = {name: to_sentences(issues[name].fillna("").astype("str")) for name in ("message", "suggestion")}
    return issues.assign(**texts)


def _change(change: pd.Series[int]) -> pd.Series[str]:
    number = change.abs().map("{:,}".format, na_action="ignore").astype("str")
    words = (number + " more").mask(change.lt(0), number + " fewer").mask(change.eq(0), "no change")
    return words.mask(change.isna(), "nothing before")


def _lists(rows: pd.DataFrame, by: list[str]) -> pd.Series[str]:
    """The names of the lists of each group, in order of the alphabet; '' where no row names one."""
    words = rows["list"].fillna("").str.replace("_", " ")
    names = rows[by].assign(name=words).drop_duplicates().sort_values("name")
    named = names[names["name"].ne("")]
    joined = join_texts(named["name"], [named[key] for key in by])
    return joined.reindex(rows.groupby(by).size().index, fill_value="")
