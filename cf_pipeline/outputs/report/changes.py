"""What changed since the quarter before or last year by more than chance explains, worse before better."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from cf_pipeline.contracts.dates.quarters import QUARTERS_PER_YEAR
from cf_pipeline.outputs.report.cells import NoteList, figure_cell
from cf_pipeline.outputs.report.model import Section
from cf_pipeline.outputs.report.places import sentences_beside_place, sentences_of_few_cases
from cf_pipeline.outputs.report.published_facts import PublishedFacts
from cf_pipeline.outputs.report.words import count_phrase, paragraph, phrase, points

BEYOND, AT_EDGE, TOO_FEW = "beyond chance", "at the edge of chance", "too few to judge"
ORDER = ("worse", "better", "higher", "lower")
QUARTERS_BACK = {"previous_quarter": 1, "same_quarter_last_year": QUARTERS_PER_YEAR}


@dataclass(frozen=True)
class Change:
    """One figure that changed by more than chance explains: KPI, row of `v_kpi_change`, both figures."""

    kpi: Any
    row: Any
    value: str
    reference: str

    @property
    def sentence(self) -> str:
        """What changed, then what chance says of it."""
        if pd.isna(self.row.standard_errors):
            chance = phrase("changes", "limits")
        else:
            chance = phrase("changes", "beyond" if self.row.chance == BEYOND else "edge")
        return phrase(
            "changes",
            self.row.change,
            title=self.kpi.title,
            value=self.value,
            reference=self.reference,
            when=phrase("changes", self.row.against),
            direction=phrase("polarity", self.kpi.polarity),
            chance=chance,
        )

    @property
    def question(self) -> str:
        """What Members may ask about it."""
        name = "worse" if self.row.change == "worse" else "change"
        since = phrase("questions", self.row.against)
        return phrase(
            "questions", name, title=self.kpi.title, value=self.value, reference=self.reference, since=since
        )


def find_changes(facts: PublishedFacts, main_measures: Sequence[str]) -> list[Change]:
    """The changes beyond chance, each KPI once: worse, better, then those for context; the largest first.

    Of two KPIs that count the same cases (a conversion rate, and a share of outcomes) one is shown: a main
    measure before another.
    """
    kpis = {kpi.kpi_id: kpi for kpi in facts.kpis}
    found: dict[object, Change] = {}
    for row in sorted(_beyond_chance(facts), key=lambda row: _rank(row, main_measures)):
        now = facts.total(row.kpi_id, facts.quarter)
        before = facts.earlier_total(row.kpi_id, QUARTERS_BACK[row.against])
        cases = (now.numerator, now.denominator) if not pd.isna(now.denominator) else row.kpi_id
        if cases in found or any(row.kpi_id == known.kpi.kpi_id for known in found.values()):
            continue
        kpi = kpis[row.kpi_id]
        value, reference = (figure_cell(each, kpi, NoteList()).text for each in (now, before))
        found[cases] = Change(kpi, row, value, reference)
    return sorted(found.values(), key=lambda change: ORDER.index(change.row.change))


def changes_section(
    facts: PublishedFacts, changes: Sequence[Change], main: Sequence[Any], most: int
) -> Section:
    """What should worry Members, and what got better, or that nothing did.

    Args:
        facts: what was published of the authority and quarter.
        changes: as `find_changes` returns them.
        main: the main measures; those worse than the place in few cases are told too.
        most: how many changes are told.
    """
    texts = [change.sentence for change in changes[:most]]
    if len(changes) > most:
        texts.append(count_phrase("changes", "more", len(changes) - most))
    kinds = {change.row.change for change in changes}
    of_which = "_shown" if facts.has_hidden else ""
    answers = [phrase("changes", f"no_{kind}{of_which}") for kind in ("worse", "better") if kind not in kinds]
    if not facts.changes:
        answers = [phrase("changes", "none_compared")]
    elif not changes:
        answers = [phrase("changes", f"no_change{of_which}")]
    texts += [*sentences_beside_place(facts), *sentences_of_few_cases(main, facts)]
    too_few = len({row.kpi_id for row in facts.changes if row.chance == TOO_FEW})
    answers += [count_phrase("changes", "too_few", too_few)] if too_few else []
    blocks = [paragraph(*answers)] if not texts else [points(*texts), paragraph(*answers)]
    return Section("changes", phrase("titles", "changes"), tuple(blocks))


def _beyond_chance(facts: PublishedFacts) -> Iterable[Any]:
    return (row for row in facts.changes if row.chance in (BEYOND, AT_EDGE) and row.change in ORDER)


def _rank(row: Any, main_measures: Sequence[str]) -> tuple[int, bool, float, str]:
    size = 0.0 if pd.isna(row.standard_errors) else abs(float(row.standard_errors))
    return (0 if row.chance == BEYOND else 1, row.kpi_id not in main_measures, -size, row.kpi_id)
