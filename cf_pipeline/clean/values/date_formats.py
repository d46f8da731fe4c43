"""The formats in which databases, programs and people write a date, alone or with a time of day and a zone.

Belongs here: the formats, as patterns that match a whole text. Does not belong here: what the parts of a text
mean; that is in `dates.py`. Sources: what Oracle (NLS of the United Kingdom and of America), PostgreSQL (the
styles ISO, SQL, German and Postgres), SQL Server (the styles of CONVERT), MySQL, SQLite, SAS, R, Java,
JavaScript, .NET, Access and Python write by default; ISO 8601, RFC 5322, HL7 and ODBC.
"""

from __future__ import annotations

import re
from functools import cache

WEEKDAY = (
    r"(?:(?P<weekday>mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:rs?(?:day)?)?|fri(?:day)?"
    r"|sat(?:urday)?|sun(?:day)?)\.?(?:, ?| ))?"
)
DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
NAME = r"(?P<name>[a-z]{3,9})"
YEAR = r"(?P<year>\d{4})"
SHORT_YEAR = r"'?(?P<year>\d{2})"
YEAR_FIRST = r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})"
IN_NUMBERS = r"(?P<day>\d{1,2})(?P<sep>[-/. ])(?P<month>\d{1,2})(?P=sep)"
IN_WORDS = rf"{DAY}(?: of)?[-/. ]?{NAME}\.?[-/., ]{{0,2}}"
COMPACT = r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})"

CLOCK = (
    r"(?P<hour>\d{1,2})(?:(?P<colon>[:.])(?P<minute>\d{2})"
    r"(?:(?P=colon)(?P<second>\d{2})(?:[:.,](?P<fraction>\d+))?)?)?(?: ?(?P<half>[ap])\.?m\.?)?"
)
"""Full stops as Oracle writes, a colon before the fraction as SQL Server; an hour alone needs am or pm."""
COMPACT_CLOCK = r"(?P<hour>\d{2})(?P<minute>\d{2})(?:(?P<second>\d{2})(?:[.,](?P<fraction>\d+))?)?"
ABBREVIATION = r"(?P<zone>z|utc|gmt|ut|bst)"
"""Others are left out: IST and CST each stand for three zones."""
OFFSET = r"(?P<offset>[-+]\d{1,2}(?::?\d{2}(?::?\d{2})?)?)"
SHORT_ZONE = rf"(?: ?{ABBREVIATION}?{OFFSET}| ?{ABBREVIATION.replace('zone', 'zone_alone')})?"
ZONE = (
    rf"{SHORT_ZONE}(?: ?\[?(?P<region>[a-z]+(?:/[a-z_+-]+){{1,2}})\]?(?: (?P<of_region>gmt|bst))?)?"
    r"(?: \((?P<long_name>[a-z ]+)\))?"
)
"""PostgreSQL's `+00`, ISO's `Z`, Oracle's region, Java's `[Europe/London]`, a browser's `GMT+0100 (British
Summer Time)`."""
TIME = rf"(?:(?:T|,? | at |, at | - ){CLOCK}{ZONE})?"
DATE_ZONE = rf"(?: ?{ABBREVIATION}|{OFFSET})?"
"""XML's and R's zone of a date without a time: the day is as written."""


FORMATS = (
    WEEKDAY + YEAR_FIRST + TIME,
    WEEKDAY + IN_NUMBERS + YEAR + TIME,
    WEEKDAY + IN_WORDS + YEAR + TIME,
    rf"{WEEKDAY}{NAME}\.?[-/ ]{DAY}(?:, ?|[-/ ]){YEAR}{TIME}",
    rf"{WEEKDAY}(?P<day>\d{{1,2}})(?P<sep>[-/.])(?P<month>\d{{1,2}})(?P=sep)(?P<year>\d{{2}}){TIME}",
    WEEKDAY + IN_WORDS + SHORT_YEAR + TIME,
    rf"{YEAR}[-/. ]{NAME}[-/. ](?P<day>\d{{1,2}}){TIME}",
    COMPACT + TIME,
    rf"{COMPACT}[T ]?{COMPACT_CLOCK}{ZONE}",  # ISO's basic form, HL7, LDAP, MySQL's number
    rf"{WEEKDAY}{DAY} {NAME} {CLOCK} {YEAR}{ZONE}",  # PostgreSQL's own style, day first
    rf"{WEEKDAY}{NAME} {DAY} {CLOCK} {YEAR}{ZONE}",  # the same, month first, and C's ctime
    rf"{WEEKDAY}{NAME} {DAY} {CLOCK}{SHORT_ZONE} {YEAR}",  # Java's Date and Unix's date
    rf"{DAY}{NAME}(?P<year>\d{{4}}|\d{{2}}):{CLOCK}",  # SAS
    YEAR_FIRST + DATE_ZONE,
)
"""Tried in this order; a format has to match the whole text."""
WRAPPED = (
    r'=?"(?P<text>[^"]+)"',  # keeps Excel from reading a cell of a CSV file; a string of JSON
    r"#(?P<text>\d{4}-\d{2}-\d{2}(?: [\d:]+)?)#",  # Access; with slashes it writes the month first
    r"\{(?:d|ts) '(?P<text>[^']+)'\}",  # ODBC
    r"(?:date|timestamp) ?'(?P<text>[^']+)'",  # a literal of SQL
)
"""Signs around a date that a program leaves there."""
ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
"""An Excel date number of 1927 to 2099, kept as a number because its cell had no date format."""
NO_DATE = re.compile(
    r"0?0[-/.]0?[01][-/.](?:1900|0000)|0000-00-00(?:[ T][0:.]+)?|00000000(?:0{6})?|-?infinity|[012]",
    re.IGNORECASE,
)
"""What Excel displays of an empty date, MySQL's zero and PostgreSQL's endless day."""


@cache
def _pattern(text: str) -> re.Pattern[str]:
    """The compiled pattern, made when a text gets that far: they take longer than a list of ISO dates."""
    return re.compile(text, re.IGNORECASE)


def unwrap(text: str) -> str:
    """The text without the signs of `WRAPPED` around it."""
    return next(
        (match["text"].strip() for match in (_pattern(sign).fullmatch(text) for sign in WRAPPED) if match),
        text,
    )


def match_format(text: str) -> dict[str, str | None]:
    """The parts of a text by the first of `FORMATS` that fits: group -> text; none if none fits."""
    for written in FORMATS:
        match = _pattern(written).fullmatch(text)
        if match is not None:
            return match.groupdict()
    return {}
