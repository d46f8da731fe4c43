"""The sentences of contacts, referrals, early help and assessments, by plain if and else."""

from __future__ import annotations

from itertools import pairwise

from tests.second_opinion.wording.differences import (
    SAME,
    WORDS_OF_NUMBERS,
    half_up,
    is_alike,
    one_or_more,
    percentage_difference,
    than,
)
from tests.second_opinion.wording.sentences import SentenceWriter


def predicted(difference: str) -> str:
    """'be similar to', 'mirror', 'be slightly higher than'."""
    return "mirror" if difference == SAME else f"be {than(difference)}"


class Demand(SentenceWriter):
    """What comes in."""

    def contacts(self) -> str:
        if self.is_absent("contacts_count"):
            return f"The number of contacts in {self.q} is not available."
        line = f"{one_or_more(self.known('contacts_count'), 'contact', 'contacts')} in {self.q}"
        level, outlook = self.level("contacts_count"), self.outlook("contacts_count")
        line += f" - {level}." if level else "."
        if self.is_year_end:
            return line + self.total("The year's total", "contacts_count")
        if outlook is None:
            return line
        verb = "mirrors" if outlook == SAME else f"is {than(outlook)}"
        return f"{line} The year-end forecast {verb} that of last year."

    def contacts_in_one_day(self) -> str:
        now, forecast = self.value("contacts_1wd_pct"), self.forecast("contacts_1wd_pct")
        if self.is_absent("contacts_1wd_pct"):
            return f"The percentage of contacts completed in one day in {self.q} is not available."
        if now is not None:
            line = f"{half_up(now)}% of contacts were completed in one day in {self.q}."
        else:
            line = f"There were no contacts due to be completed in {self.q}."
        if forecast is None:
            return line
        of_what = "" if now is not None else " for contacts completed in one day"
        if self.is_year_end:
            of_what = of_what + (" in the year" if of_what else " for the year")
            return f"{line} The figure{of_what} is {half_up(forecast)}%."
        return f"{line} The year-end forecast{of_what} is {half_up(forecast)}%."

    def referrals(self) -> str:
        if self.is_absent("referrals_count"):
            return f"The number of referrals in {self.q} is not available."
        now = self.known("referrals_count")
        line = f"{one_or_more(now, 'referral', 'referrals')} in {self.q}"
        year, outlook = "", self.outlook("referrals_count")
        if outlook is not None and not self.is_year_end:
            if outlook == SAME:
                year = "the year-end forecast mirrors that of last year"
            elif is_alike(outlook):
                year = "the year-end forecast is similar to that of last year"
            else:
                more = outlook.replace("higher", "more").replace("lower", "fewer")
                year = f"the year-end forecast is predicting {more} referrals than last year"
        series = [*self.earlier_this_year("referrals_count"), now]
        steps = [later - before for before, later in pairwise(series)]
        trend = ""
        if len(steps) > 1 and min(steps) > 0:
            trend = "rising"
        if len(steps) > 1 and max(steps) < 0:
            trend = "falling"
        if trend:
            clause = f"referrals have been {trend} over the quarters" + (f" and {year}" if year else "")
        else:
            level = self.level("referrals_count")
            clause = f"{level}, and {year}" if level and year else level or year
        line += f" - {clause}." if clause else "."
        return line + self.total("The year's total", "referrals_count") if self.is_year_end else line

    def conversion(self) -> str:
        kpi = "contact_to_referral_pct"
        now, forecast, last_year = self.value(kpi), self.forecast(kpi), self.last_year(kpi)
        if self.is_absent(kpi):
            return f"The conversion rate of contacts to referrals for {self.q} is not available."
        if now is None:
            line = f"There were no contacts in {self.q}, so there is no conversion rate"
            line += " of contacts to referrals."
        else:
            line = f"The conversion rate of contacts to referrals is {half_up(now)}% for {self.q}."
        if forecast is None:
            return line
        rate = "The year-end forecast for conversion rates"
        if self.is_year_end:
            rate = "The conversion rate for the year"
        if last_year is None:
            return f"{line} {rate} is {half_up(forecast)}%."
        words = than(percentage_difference(forecast, last_year))
        shown = f"{half_up(forecast)}% (compared to {half_up(last_year)}% previously)"
        return f"{line} {rate} is {words} last year at {shown}."

    def early_help(self) -> str:
        kpi = "eh_referrals_count"
        if self.is_absent(kpi, "ytd"):
            return "The number of referrals to Early Help year to date is not available."
        forecast, last_year, outlook = self.forecast(kpi), self.last_year(kpi), self.outlook(kpi)
        line = f"{one_or_more(self.known(kpi, 'ytd'), 'referral', 'referrals')} to Early Help"
        if self.is_year_end:
            line += " in the year"
        else:
            line += " year to date"
            line += "" if forecast is None else f" with a year-end forecast of {half_up(forecast)}"
        if outlook is None or last_year is None:
            return line + "."
        words = "which mirrors" if outlook == SAME and not self.is_year_end else than(outlook)
        return f"{line}, {words} last year's figure of {half_up(last_year)}."

    def short_breaks(self) -> str:
        kpi = "short_breaks_children_count"
        if self.is_absent(kpi, "ytd"):
            who = "disabled children who received a short break"
            return f"The number of {who} year to date is not available."
        now, last_year, outlook = self.known(kpi, "ytd"), self.last_year(kpi), self.outlook(kpi)
        line = "The total number of disabled children who received a short break"
        if outlook is None or last_year is None:
            return f"{line} {'in the year' if self.is_year_end else 'year to date'} is {half_up(now)}."
        then = f"last year ({half_up(last_year)})."
        if self.is_year_end:
            return f"{line} in the year ({half_up(now)}) is {than(outlook)} {then}"
        return f"{line} ({half_up(now)}) is forecast to {predicted(outlook)} {then}"

    def assessments(self) -> str:
        started, completed = "assess_started_count", "assess_completed_count"
        if self.is_absent(started):
            return f"The number of Child and Family Assessments started in {self.q} is not available."
        now, earlier = self.known(started), self.earlier_this_year(started)
        name = one_or_more(now, "Child and Family Assessment", "Child and Family Assessments")
        line = f"{name} started in {self.q}"
        if len(earlier) > 1 and now >= max(earlier) and now > min(earlier):
            first = "" if self.is_year_end else "first "
            joint = "joint " if now == max(earlier) else ""
            quarters = f"{first}{WORDS_OF_NUMBERS[self.quarter.number]} quarters"
            line += f" - the {joint}highest number across the {quarters}."
        else:
            level = self.level(started)
            line += f" - {level}." if level else "."
        both = self.outlook(started), self.outlook(completed)
        if self.is_year_end:
            if both[0] is None or both[0] != both[1]:
                line += self.total("The year's total of assessments started", started)
                return line + self.total("The year's total of assessments completed", completed)
            so_many = f"started ({self.outturn(started)}) and completed ({self.outturn(completed)})"
            then = f"({self.outturn(started, -1)} and {self.outturn(completed, -1)})"
            words = than(both[0])
            return f"{line} The year's totals of assessments {so_many} are {words} last year's {then}."
        outlooks = [("started", both[0]), ("completed", both[1])]
        if both[0] == both[1]:
            outlooks = [("started and completed", both[0])]
        for which, outlook in outlooks:
            if outlook is not None:
                line += f" The year-end forecast for assessments {which}"
                line += f" is predicted to {predicted(outlook)} last year."
        return line

    def outturn(self, kpi: str, years: int = 0) -> str:
        """The total of this year, or of a year before."""
        value = self.figures.outturn(kpi, self.quarter.year + years)
        if value is None:
            raise ValueError(f"the total of {kpi} was to be known")
        return half_up(value)

    def assessments_in_time(self) -> str:
        kpi = "assess_45wd_pct"
        now, last_year = self.value(kpi, "ytd"), self.last_year(kpi)
        in_time = "for assessments authorised within 45 days"
        if self.is_absent(kpi, "ytd"):
            return f"The year to date figure {in_time} at end of {self.q} is not available."
        if now is None:
            return f"There were no assessments authorised year to date at end of {self.q}."
        line = f"Year to date figure {in_time} at end of {self.q} was {half_up(now)}%."
        if self.is_year_end:
            line = f"The figure {in_time} in the year was {half_up(now)}%."
        if last_year is None:
            return line
        difference = percentage_difference(now, last_year)
        then = f"figure of {half_up(last_year)}% at end of {self.last_label}."
        if is_alike(difference):
            return f"{line} This compares to the similar {then}"
        return f"{line} This is {difference} than the {then}"
