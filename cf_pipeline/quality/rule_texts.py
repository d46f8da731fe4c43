"""One text for each broken rule: its message, what to do, and the columns and KPIs of its issues."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from cf_pipeline.clean.rules.catalogue import RULES
from cf_pipeline.history.merge.issues import MERGE_RULES
from cf_pipeline.quality.trend import row_counts

_TEMPLATES = {code: rule.message for code, rule in RULES.items()}
_TEMPLATES |= {rule.code: rule.message for rule in MERGE_RULES}


def rule_texts(issues: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """One row for each group of issues: the columns of `by` (rule among them), then the texts.

    `message` and `suggestion` are those of most rows; where the issues concern several columns the message
    is about "a column" and `columns` names them, the most frequent first: "contact_date (12); team (3)".
    `kpis` is joined by ';'. Missing texts are ''.
    """
    keys = list(by)
    texts = [*keys, "column", "message", "suggestion", "kpis"]
    filled = issues.assign(
        **{name: issues[name].fillna("").astype("str") for name in texts}, issues=row_counts(issues)
    )
    counted = filled.groupby(texts)["issues"].sum().reset_index()
    counted = counted.sort_values(["issues", *texts], ascending=[False, *([True] * len(texts))])
    groups = counted.groupby(keys)
    most_frequent = groups.agg(
        message=("message", "first"), suggestion=("suggestion", "first"), kpis=("kpis", _together)
    )
    columns = counted[counted["column"].ne("")].groupby([*keys, "column"], sort=False)["issues"].sum()
    labels = columns.sort_values(ascending=False, kind="stable").reset_index()
    labels["column"] = labels["column"] + " (" + labels["issues"].map("{:,}".format).astype("str") + ")"
    joined = labels.groupby(keys)["column"].agg(columns="; ".join, number="size")
    result = most_frequent.join(joined).fillna({"columns": "", "number": 0}).reset_index()
    general = result["rule"].map(_of_any_column)
    message = result["message"].mask(result["number"].gt(1) & general.notna(), general)
    return result.assign(message=message).drop(columns="number")


def _of_any_column(rule: str) -> str | None:
    template = _TEMPLATES.get(rule)
    if template is None:
        return None
    for named in ("column '{column}'", "'{column}'", "{column}"):
        template = template.replace(named, "a column")
    return template


def _together(kpis: pd.Series) -> str:
    return ";".join(sorted({kpi for some in kpis for kpi in str(some).split(";") if kpi}))
