"""The place and year of published rows: a GSS code and the year that ended.

The open data tables have the level of a row and its codes, in an order that varies. The long table has the
name of the place and, for an authority, its number of three digits. An authority is the same by its number,
by any of its GSS codes and by its name; a row of several authorities, or of one that was divided or merged,
is of none.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import pandas as pd

from cf_pipeline.comparators.open_data.catalogue import LONG, Dataset, normalise_text
from cf_pipeline.contracts.authorities import authorities
from cf_pipeline.contracts.authority_names import OUTSIDE_ENGLAND, find_authorities

LEVELS = {"national": "country_code", "regional": "region_code", "local authority": "new_la_code"}
"""The column with the place's code, by level; rows of other levels (schools, districts) are not read."""
MANDATORY_COLUMNS = ("time_period", "geographic_level", "country_code")
AS_WRITTEN = "place_as_written"
NOT_ONE_AUTHORITY = "not_one_authority"
_LOCAL_COLUMNS = ("old_la_code", "new_la_code", "la_name")
_GSS = r"[EWNSK]\d{8}"
_YEAR = r"(?P<first>\d{4})(?:\.0)?(?:[/-]?(?P<last>\d{2}))?"


def places_and_years(
    table: pd.DataFrame, dataset: Dataset, headers: Mapping[str, str], aliases: Mapping[str, str]
) -> pd.DataFrame:
    """The place and the year of each row.

    Returns:
        authority_code (str, for an authority the one of our table) and year_ending (Int64), null where a row
        has no known place or year; place_as_written, the code or name that the row has; not_one_authority,
        the names of the authorities that a row is of together or that followed a former one, null elsewhere.
        '2019' is the year that ended then, '201920' and '2019/20' the one that ended in 2020.
    """
    if dataset.layout == LONG:
        places = _long_places(table, dataset, headers, aliases)
        years = table[str(dataset.find_header("year", headers))]
    else:
        places = _open_data_places(table, headers, aliases)
        years = table[headers["time_period"]]
    return places.assign(year_ending=_years(years))


def _open_data_places(
    table: pd.DataFrame, headers: Mapping[str, str], aliases: Mapping[str, str]
) -> pd.DataFrame:
    level = table[headers["geographic_level"]].map(normalise_text)
    written = pd.Series(None, index=table.index, dtype="str")
    for name, column in LEVELS.items():
        if column in headers:
            written = written.mask(level.eq(name), table[headers[column]].str.strip())
    codes = written.where(written.str.fullmatch(_GSS).fillna(False))
    if "region_name" in headers:
        names = table[headers["region_name"]].map(normalise_text).map(_codes_by_name(aliases))
        codes = codes.mask(level.eq("regional") & codes.isna(), names)
    is_local = level.eq("local authority")
    columns = [headers[name] for name in _LOCAL_COLUMNS if name in headers]
    local = _authorities_of(table[columns].where(is_local, ""))
    codes = codes.mask(is_local & local["is_known"], local["authority_code"])
    return pd.DataFrame(
        {
            "authority_code": codes.astype("str"),
            AS_WRITTEN: written,
            NOT_ONE_AUTHORITY: local[NOT_ONE_AUTHORITY],
        }
    )


def _long_places(
    table: pd.DataFrame, dataset: Dataset, headers: Mapping[str, str], aliases: Mapping[str, str]
) -> pd.DataFrame:
    place = table[str(dataset.find_header("place", headers))]
    codes = place.map(normalise_text).map(_codes_by_name(aliases)).astype("str")
    number = dataset.find_header("place_number", headers)
    cells = pd.DataFrame({"name": place} if number is None else {"number": table[number], "name": place})
    local = _authorities_of(cells.where(codes.isna(), ""))
    return pd.DataFrame(
        {
            "authority_code": codes.fillna(local["authority_code"]),
            AS_WRITTEN: place.str.strip(),
            NOT_ONE_AUTHORITY: local[NOT_ONE_AUTHORITY],
        }
    )


def _codes_by_name(aliases: Mapping[str, str]) -> dict[str, str]:
    """The code of each region and of the country, by its normalised names."""
    wide = [place for place in authorities().values() if place.kind != "local_authority"]
    by_name = {normalise_text(place.name): place.authority_code for place in wide}
    return by_name | {normalise_text(alias): by_name[normalise_text(name)] for alias, name in aliases.items()}


def _authorities_of(cells: pd.DataFrame) -> pd.DataFrame:
    """authority_code, not_one_authority and is_known (whether the cells mean any authority) of each row."""
    rows = [_authority_of(*row) for row in cells.itertuples(index=False, name=None)]
    columns = ["authority_code", NOT_ONE_AUTHORITY, "is_known"]
    dtypes = {"authority_code": "str", NOT_ONE_AUTHORITY: "str", "is_known": "bool"}
    return pd.DataFrame(rows, columns=columns, index=cells.index).astype(dtypes)


@lru_cache(maxsize=8192)
def _authority_of(*cells: str) -> tuple[str | None, str | None, bool]:
    """The one authority that the number, the code and the name of a row mean; not one where they differ."""
    named = [found for found in map(find_authorities, cells) if found.is_known]
    slugs = frozenset[str]().union(*(found.slugs for found in named))
    if not slugs or slugs == {OUTSIDE_ENGLAND}:
        return None, None, bool(slugs)
    if len(slugs) > 1 or any(found.is_former for found in named):
        names = sorted(authorities()[slug].name for slug in slugs - {OUTSIDE_ENGLAND})
        return None, " / ".join(names), True
    return authorities()[next(iter(slugs))].authority_code, None, True


def _years(texts: pd.Series) -> pd.Series:
    distinct = pd.Series(texts.unique(), dtype="str")
    parts = distinct.str.strip().str.extract(f"^{_YEAR}$")
    first = pd.to_numeric(parts["first"]).astype("Int64")
    years = first.where(parts["last"].isna(), first + 1).set_axis(distinct)
    return years.reindex(texts.to_numpy()).set_axis(texts.index)
