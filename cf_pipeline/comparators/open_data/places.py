"""Where and when a published row is about: a GSS code and the year that ended.

The open data tables name the level of a row and its codes, in an order that varies; the long table names
the place in words and, for an authority, its number of three digits.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from cf_pipeline.comparators.open_data.catalogue import LONG, Dataset, folded
from cf_pipeline.contracts.authorities import authorities

LEVELS = {"national": "country_code", "regional": "region_code", "local authority": "new_la_code"}
"""Which column holds the code of a row's own place; other levels (schools, districts) are not read."""
MANDATORY = ("time_period", "geographic_level", *LEVELS.values())
_GSS = r"[EWNSK]\d{8}"
_YEAR = r"(?P<first>\d{4})(?:\.0)?(?:[/-]?(?P<last>\d{2}))?"


def places_and_years(
    table: pd.DataFrame, dataset: Dataset, headers: Mapping[str, str], aliases: Mapping[str, str]
) -> pd.DataFrame:
    """authority_code (str) and year_ending (Int64) of each row; null where a row names no place or year.

    '2019' is the year that ended then, '201920' and '2019/20' the one that ended in 2020.
    """
    if dataset.layout == LONG:
        codes = _long_codes(table, dataset, headers, aliases)
        years = table[str(dataset.column("year", headers))]
    else:
        codes = _open_data_codes(table, headers)
        years = table[headers["time_period"]]
    return pd.DataFrame({"authority_code": codes, "year_ending": _years(years)})


def _open_data_codes(table: pd.DataFrame, headers: Mapping[str, str]) -> pd.Series:
    level = table[headers["geographic_level"]].map(folded)
    codes = pd.Series(None, index=table.index, dtype="str")
    for name, column in LEVELS.items():
        codes = codes.mask(level.eq(name), table[headers[column]].str.strip())
    return codes.where(codes.str.fullmatch(_GSS).fillna(False))


def _long_codes(
    table: pd.DataFrame, dataset: Dataset, headers: Mapping[str, str], aliases: Mapping[str, str]
) -> pd.Series:
    known = authorities().values()
    by_name = {folded(each.name): each.authority_code for each in known}
    by_name |= {folded(alias): by_name[folded(name)] for alias, name in aliases.items()}
    codes = table[str(dataset.column("place", headers))].map(folded).map(by_name).astype("str")
    number = dataset.column("place_number", headers)
    if number is not None:
        by_number = {each.dfe_code: each.authority_code for each in known if each.dfe_code}
        plain = table[number].str.strip().str.removesuffix(".0")
        codes = codes.fillna(plain.map(by_number).astype("str"))
    return codes


def _years(texts: pd.Series) -> pd.Series:
    distinct = pd.Series(texts.unique(), dtype="str")
    parts = distinct.str.strip().str.extract(f"^{_YEAR}$")
    first = pd.to_numeric(parts["first"]).astype("Int64")
    years = first.where(parts["last"].isna(), first + 1).set_axis(distinct)
    return years.reindex(texts.to_numpy()).set_axis(texts.index)
