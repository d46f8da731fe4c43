"""The templates of HTML pages, and the filters that they may use."""

from __future__ import annotations

from typing import Any

import pandas as pd
from jinja2 import Environment, PackageLoader, StrictUndefined, Template


def html_template(name: str) -> Template:
    """A template of `templates/`: every text is escaped, and an unknown name is an error.

    Its filters: `day` ('31 December 2019'), `count` (with commas at the thousands), `slug` (for an anchor).
    """
    environment = Environment(
        loader=PackageLoader("cf_pipeline.outputs"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["day"] = _day
    environment.filters["count"] = lambda number: f"{int(number):,}"
    environment.filters["slug"] = lambda text: "".join(c if c.isalnum() else "-" for c in str(text).lower())
    return environment.get_template(name)


def _day(date: Any) -> str:
    """'31 December 2019'; 'not known' for a missing date."""
    return "not known" if pd.isna(date) else f"{date.day} {date:%B %Y}"
