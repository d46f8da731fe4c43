"""The sentences of children in need, on plans, in care, missing, and care leavers."""

from __future__ import annotations

from fractions import Fraction

from tests.second_opinion.wording.differences import (
    WORDS_OF_NUMBERS,
    count_difference,
    half_up,
    is_alike,
    one_or_more,
    than,
)
from tests.second_opinion.wording.sentences import SentenceWriter


class Cases(SentenceWriter):
    """Who is being worked with."""

    def since_last_march(self, kpi: str) -> str | None:
        """A stock against the last 31 March; None when that is not known."""
        now, then = self.value(kpi), self.at(kpi, self.last_march)
        return None if now is None or then is None else count_difference(now, then)

    def children_in_need(self) -> str:
        kpi = "cin_open_stock"
        now = self.value(kpi)
        if now is None:
            return f"The number of children in need cases at the end of {self.q} is not available."
        line = f"{one_or_more(now, 'child in need case', 'children in need cases')} at the end of {self.q}."
        return f"{line}{self.pattern(kpi, now)}\n{self.durations()}"

    def pattern(self, kpi: str, now: Fraction) -> str:
        series = [*self.earlier_this_year(kpi), now]
        allowed = max(Fraction(2), Fraction(15, 100) * sum(series, Fraction(0)) / len(series))
        is_steady = len(series) > 2 and max(series) - min(series) <= allowed
        march, level = self.since_last_march(kpi), self.level(kpi)
        number = f"the number at the end of {self.last_label}"
        if is_steady:
            number_of = WORDS_OF_NUMBERS[self.quarter.number]
            text = f" This reflects a fairly consistent pattern over the {number_of} quarters"
            if march is None:
                return f"{text}."
            return f"{text} {'and is' if is_alike(march) else 'but'} {than(march)} {number}."
        if level:
            # In quarter 1 the level already names the last 31 March.
            if march is None or self.quarter.number == 1:
                return f" This is {level}."
            return f" This is {level} and {than(march)} {number}."
        return f" This is {than(march)} {number}." if march is not None else ""

    def durations(self) -> str:
        cell = self.figures.cell("cin_6m_or_less_pct", self.quarter)
        if cell.value is None or cell.denominator is None or cell.numerator is None:
            return f"There were no Children in Need cases open at the end of {self.q}."
        if cell.denominator == 1:
            had = "had" if cell.numerator == 1 else "had not"
            case = f"The Child in Need case open at the end of {self.q}"
            return f"{case} {had} been open for 6 months or less."
        if cell.numerator == 0:
            who = f"None of the {cell.denominator} Children in Need cases"
        elif cell.numerator == cell.denominator:
            who = f"All {cell.denominator} Children in Need cases"
        elif 4 * cell.numerator >= 3 * cell.denominator:
            who = "Most Children in Need cases"
        elif 2 * cell.numerator > cell.denominator:
            who = "The majority of Children in Need cases"
        else:
            whole = one_or_more(Fraction(cell.denominator), "Child in Need case", "Children in Need cases")
            return f"{cell.numerator} of {whole} at the end of {self.q} had been open for 6 months or less."
        return f"{who} at the end of {self.q} had been open for 6 months or less."

    def child_protection(self) -> str:
        if self.is_absent("cpp_stock"):
            return (
                f"The number of children on Child Protection Plans at the end of {self.q} is not available."
            )
        stock, long = self.known("cpp_stock"), self.known("cpp_12_24m_count")
        who = one_or_more(stock, "child on a Child Protection Plan", "children on Child Protection Plans")
        line = f"{who} at the end of {self.q}."
        if stock == 0:
            return line
        if stock == 1:
            been = "been" if long == 1 else "not been"
            return f"{line} This case had {been} open for between 12 and 24 months."
        return f"{line} {half_up(long)} of these cases had been open for between 12 and 24 months."

    def conferences(self) -> str:
        now, conferences = self.value("icpc_15wd_pct"), "Initial Child Protection Conferences"
        in_time = f"held within 15 days of the S47 enquiry during {self.q}"
        if self.is_absent("icpc_15wd_pct"):
            return f"The percentage of {conferences} {in_time} is not available."
        if now is None:
            return f"There were no {conferences} during {self.q}."
        return f"{half_up(now)}% of {conferences} were {in_time}."

    def children_in_care(self) -> str:
        if self.is_absent("cla_stock"):
            return f"The number of Children in Care at the end of {self.q} is not available."
        stock, often = self.known("cla_stock"), self.value("cla_3plus_placements_count")
        line = f"{one_or_more(stock, 'Child in Care', 'Children in Care')} at the end of {self.q}."
        march, then = self.since_last_march("cla_stock"), self.at("cla_stock", self.last_march)
        if march is not None and then is not None:
            words = "similar to the number" if is_alike(march) else than(march)
            line += f" This is {words} at the end of {self.last_label} ({half_up(then)})."
        if stock == 0:
            return line
        if often is None:
            unknown = "The number of these young people who have had 3 or more placements"
            return f"{line} {unknown} is not available."
        if stock == 1:
            return f"{line} This young person has {'had' if often == 1 else 'not had'} 3 or more placements."
        have = "has" if often == 1 else "have"
        return f"{line} {half_up(often)} of these young people {have} had 3 or more placements."

    def visits(self) -> str:
        now = self.value("cla_visits_in_time_pct")
        if self.is_absent("cla_visits_in_time_pct"):
            return "The percentage of visits during the Quarter that were in time is not available."
        if now is None:
            return "There were no visits due during the Quarter."
        share = f"{half_up(now, 1)}% of visits during the Quarter"
        return f"{share} were in time in accordance with the care / pathway plan."

    def children_missing(self) -> str:
        if self.is_absent("missing_cla_open_stock"):
            line = f"The number of Children in Care missing at the end of {self.q} is not available."
            line += " The number of missing episodes in the period is not available."
            return f"{line} The number of Return Home Interviews accepted is not available."
        missing, episodes = self.known("missing_cla_open_stock"), self.known("missing_episodes_count")
        if missing == 0:
            line = f"No Children in Care were missing at the end of {self.q}."
        elif missing == 1:
            line = f"One Child in Care missing at the end of {self.q}."
        else:
            line = f"{half_up(missing)} Children in Care missing at the end of {self.q}."
        if episodes == 0:
            line += " There were no missing episodes in the period."
        elif episodes == 1:
            line += " There was a total of 1 missing episode in the period."
        else:
            line += f" There were a total of {half_up(episodes)} missing episodes in the period."
        accepted = self.known("missing_rhi_accepted_count")
        interviews = "Return Home Interview was", "Return Home Interviews were"
        return f"{line} {one_or_more(accepted, *interviews)} accepted."

    def care_leavers(self) -> str:
        now = self.value("cl_stock")
        if now is None:
            return f"The number of Care Leavers at end of {self.q} is not available."
        line = f"{one_or_more(now, 'Care Leaver', 'Care Leavers')} at end of {self.q}"
        earlier, level = self.earlier_this_year("cl_stock"), self.level("cl_stock")
        if earlier and all(now > each for each in earlier):
            line += " - an increase on "
            line += "the previous quarter" if len(earlier) == 1 else "previous quarters"
        elif level:
            line += f" - {level}"
        if now == 0:
            return f"{line}. There were no Care Leavers to report on."
        return f"{line}. {self.activity(now)} {self.homes()}\n{self.plans()}"

    def activity(self, stock: Fraction) -> str:
        active = self.known("cl_eet_count")
        what = "in education, employment or training."
        if stock == 1:
            return f"This young person was {what if active == 1 else 'not ' + what}"
        return f"{half_up(active)} of these {'was' if active == 1 else 'were'} {what}"

    def homes(self) -> str:
        return f"{half_up(self.known('cl_suitable_accom_pct'))}% were living in suitable accommodation."

    def plans(self) -> str:
        """One clause when both percentages and that of both are equal, else two (docs/rulings.md#20)."""
        plan = half_up(self.known("cl_pathway_plan_uptodate_pct"))
        touch = half_up(self.known("cl_in_touch_plan_pct"))
        both = half_up(self.known("cl_plan_and_touch_pct"))
        if not plan == touch == both:
            kept = f"{touch}% are in touch in accordance with the plan."
            return f"{plan}% have an up to date Pathway Plan and {kept}"
        return f"{both}% have an up to date Pathway Plan and are in touch in accordance with the plan."
