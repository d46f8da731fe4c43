"""English local authorities, regions and the country: `data/authorities.csv`."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from importlib import resources

from cf_pipeline.contracts.words.near_names import near_name

LONDON = "E12000007"
INNER_LONDON = "E13000001"
OUTER_LONDON = "E13000002"
ENGLAND = "E92000001"
PLACE_NAMES = {
    "london": "London",
    "inner_london": "Inner London",
    "outer_london": "Outer London",
    "region": "its region",
    "england": "England",
    "neighbours": "the statistical neighbours",
}
"""The places that a figure stands beside, by the word of `fact_kpi_comparison.against`, in their order."""
SLUG = re.compile(r"^[a-z0-9-]+$")


@dataclass(frozen=True)
class Authority:
    """One authority: slug (its folder in `raw/`), GSS code, name, region and DfE's number of three digits.

    sub_region_code: of a London borough, Inner or Outer London, as the Office for National Statistics and the
    department divide it.
    """

    slug: str
    name: str
    authority_code: str
    region_code: str
    kind: str
    dfe_code: str = ""
    sub_region_code: str = ""


@cache
def authorities() -> dict[str, Authority]:
    """Every authority, region and the country by slug."""
    path = resources.files("cf_pipeline.contracts") / "data" / "authorities.csv"
    with path.open(encoding="utf-8") as lines:
        return {
            row["slug"]: Authority(
                row["slug"],
                row["name"],
                row["authority_code"],
                row["region_code"],
                row["kind"],
                row["dfe_code"],
                row["sub_region_code"],
            )
            for row in csv.DictReader(lines)
        }


def authority(slug: str) -> Authority:
    """The local authority of a `raw/` folder.

    Raises:
        KeyError: the slug is not that of an English local authority; the message says so plainly.
    """
    found = authorities().get(slug)
    if found is None or found.kind != "local_authority":
        slugs = [name for name, place in authorities().items() if place.kind == "local_authority"]
        meant = near_name(slug, slugs)
        raise KeyError(
            f"folder raw/{slug}: not the slug of an English local authority; rename the folder"
            f"{f' to {meant}' if meant else ''}"
        )
    return found


def region_of(place: Authority) -> Authority | None:
    """The region of an authority; None for a region or the country."""
    return next((each for each in authorities().values() if each.authority_code == place.region_code), None)


def places_beside(authority_code: str) -> dict[str, str]:
    """The places whose published figures stand beside an authority's: the word of `against` -> GSS code.

    Its region and England; for a London borough London, and Inner or Outer London as it lies in one of them.
    An unknown authority has England alone. Source: `docs/rulings.md#35`.
    """
    found = next((place for place in authorities().values() if place.authority_code == authority_code), None)
    region = found.region_code if found is not None else ""
    places = {"england": ENGLAND}
    if found is not None and region == LONDON:
        part = {INNER_LONDON: "inner_london", OUTER_LONDON: "outer_london"}[found.sub_region_code]
        return {"london": LONDON, part: found.sub_region_code} | places
    return ({"region": region} if region else {}) | places
