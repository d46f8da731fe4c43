"""English local authorities, regions and the country: `data/authorities.csv`."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from importlib import resources

LONDON = "E12000007"
INNER_LONDON = "E13000001"
OUTER_LONDON = "E13000002"
ENGLAND = "E92000001"
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
        raise KeyError(f"folder raw/{slug}: not the slug of an English local authority; rename the folder")
    return found
