"""Secondary suppression: which more cells are hidden so that the small ones cannot be worked out.

The search follows GaussSuppression's idea (candidates in the order of what they are worth, a linear-algebra
test of each step) and ends with pruning: what turned out not to be needed is shown again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from cf_pipeline.disclosure.exposure import Goal, exposed_cells
from cf_pipeline.disclosure.protection import is_positive
from cf_pipeline.disclosure.system import Knowledge, System, unknown_component

Worth = tuple[int, ...]
"""What showing a cell is worth, to compare: higher is dearer."""


class UnprotectableError(Exception):
    """No cell is left that could be hidden to protect some: `numbers` of those cells."""

    def __init__(self, numbers: Iterable[int]) -> None:
        """`numbers`: the cells that stay exposed."""
        super().__init__("cells stay exposed whatever else is hidden")
        self.numbers = tuple(sorted(numbers))


@dataclass
class Search:
    """The state of a search: what the attacker knows, and the cells hidden so far.

    `worth` has every cell that may be hidden, with what showing it is worth; `groups` the cells of each
    cell's breakdown and period. `hidden` are the cells in whose place the symbol stands, `secondary` those of
    them that may be shown again. `positive_before` are cells that other releases tell to be at least 1,
    `exempt` those that nothing hidden here protects.
    """

    system: System
    knowledge: Knowledge
    goal: Goal
    worth: Mapping[int, Worth]
    groups: Mapping[int, tuple[int, ...]]
    hidden: set[int]
    positive_before: frozenset[int] = frozenset()
    secondary: list[int] = field(default_factory=list)
    exempt: frozenset[int] = frozenset()

    def protect(self) -> frozenset[int]:
        """All cells to hide so that none of the goal is exposed, nor any other of them.

        A large count that is hidden and can be worked out all the same cannot be shown either where it is the
        last of its breakdown: a zero may be among the others only while all are hidden. It is protected too.

        Raises:
            UnprotectableError: a cell stays exposed whatever is hidden.
        """
        self._hide_until_safe()
        self._prune()
        while found := self._exposed():
            self.goal = replace(self.goal, exact=self.goal.exact.union(found))
            self._hide_until_safe()
        return frozenset(self.hidden)

    def _exposed(self) -> list[int]:
        """The hidden cells, of the goal or not, that can be worked out."""
        protected = self.hidden - self.exempt
        every_hidden = replace(self.goal, exact=self.goal.exact | protected)
        return exposed_cells(self.system, self.knowledge, every_hidden, sorted(protected))

    def _hide_until_safe(self) -> None:
        for is_screen in (True, False):
            pending = self._attack(sorted(self.goal.exact), is_screen)
            lost = set[int]()
            while pending:
                candidates = self._cheapest(pending[0])
                if not candidates:
                    lost.add(pending.pop(0))
                    continue
                component = set[int]()
                for candidate in candidates:
                    self._hide(candidate)
                    self.secondary.append(candidate)
                for candidate in candidates:
                    component.update(unknown_component(self.system, self.knowledge.is_known, candidate)[0])
                elsewhere = set(pending).difference(component)
                pending = sorted(elsewhere.union(self._attack(sorted(component), is_screen)) - lost)
            if lost:
                raise UnprotectableError(lost)

    def _attack(self, starts: Sequence[int], is_screen: bool) -> list[int]:
        return exposed_cells(self.system, self.knowledge, self.goal, starts, is_screen)

    def _cheapest(self, number: int) -> tuple[int, ...]:
        """What to hide for an exposed cell: the cell of least worth in one of its relations or its component.

        Zeros are shown, so where only zeros are left all categories of one's breakdown are hidden together.
        Empty where nothing is left.
        """
        _, places = unknown_component(self.system, self.knowledge.is_known, number)
        for near in (self.system.relations_of[number], places):
            if found := [other for other in self._candidates(near) if self.system.counts[other]]:
                return (min(found, key=lambda other: (self.worth[other], other)),)
        for near in (self.system.relations_of[number], places):
            if found := [other for other in self._candidates(near) if self._may_hide_group(other)]:
                zero = min(found, key=lambda other: (self.worth[other], other))
                return tuple(other for other in self.groups[zero] if other not in self.hidden)
        return ()

    def _candidates(self, places: Sequence[int]) -> list[int]:
        return [
            number
            for place in places
            for number, _ in self.system.relations[place].terms
            if self.knowledge.is_known[number] and number in self.worth
        ]

    def _may_hide_group(self, number: int) -> bool:
        group = self.groups[number]
        return len(group) > 1 and all(other in self.hidden or other in self.worth for other in group)

    def _hide(self, number: int) -> None:
        self.hidden.add(number)
        self.knowledge.is_known[number] = False
        self._note_positive(number)

    def _show(self, number: int) -> None:
        self.hidden.discard(number)
        self.knowledge.is_known[number] = True
        self._note_positive(number)

    def _note_positive(self, number: int) -> None:
        """Which cells of the breakdown are at least 1 to the attacker now: none where all are hidden."""
        for other in self.groups[number]:
            is_least_one = other in self.hidden and is_positive(other, self.groups, self.hidden)
            self.knowledge.lowest[other] = int(is_least_one or other in self.positive_before)

    def _prune(self) -> None:
        """Show each secondary cell again, the dearest first, where nothing is exposed by it."""
        for number in sorted(self.secondary, key=lambda other: (self.worth[other], other), reverse=True):
            if number not in self.hidden:
                continue
            together = self._show_together(number)
            component = set[int]()
            for other in self.groups[number]:
                if not self.knowledge.is_known[other]:
                    component.update(unknown_component(self.system, self.knowledge.is_known, other)[0])
            for other in together:
                self._show(other)
            if self._attack(sorted(component), True) or self._attack(sorted(component), False):
                for other in together:
                    self._hide(other)
        self.secondary = [number for number in self.secondary if number in self.hidden]

    def _show_together(self, number: int) -> list[int]:
        """The cell and the hidden zeros of its breakdown: beside a shown one a hidden one is at least 1."""
        zeros = {other for other in self.groups[number] if self.system.counts[other] == 0} & self.hidden
        return sorted({number} | zeros)
