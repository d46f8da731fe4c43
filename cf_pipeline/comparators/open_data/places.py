"""The place and year of published rows: a GSS code and the year that ended.

The open data tables have the level of a row and its codes, in an order that varies. The long table has the
name of the place and, for an authority, its number of three digits.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from cf_pipeline.comparators.open_data.catalogue import LONG, Dataset, normalise_text
from cf_pipeline.contracts.authorities import authorities

LEVELS = {"national": "country_code", "regional": "region_code", "local authority": "new_la_code"}
"""The column with the place's code, by level; rows of other levels (schools, districts) are not read."""
MANDATORY_COLUMNS = ("time_period", "geographic_level", *LEVELS.values())
_GSS = r"[EWNSK]\d{8}"
_YEAR = r"(?P<first>\d{4})(?:\.0)?(?:[/-]?(?P<last>\d{2}))?"


def places_and_years(
    table: pd.DataFrame, dataset: Dataset, headers: Mapping[str, str], aliases: Mapping[str, str]
) -> pd.DataFrame:
    """authority_code (str) and year_ending (Int64) of each row; null where a row has no known place or year.

    '2019' is the year that ended then, '201920' and '2019/20' the one that ended in 2020.
    """
    if dataset.layout == LONG:
        codes = _long_codes(table, dataset, headers, aliases)
        years = table[str(dataset.find_header("year", headers))]
    else:
        codes = _open_data_codes(table, headers)
        years = table[headers["time_period"]]
    return pd.DataFrame({"authority_code": codes, "year_ending": _years(years)})


def _open_data_codes(table: pd.DataFrame, headers: Mapping[str, str]) -> pd.Series:
    level = table[headers["geographic_level"]].map(normalise_text)
    codes = pd.Series(None, index=table.index, dtype="str")
    for name, column in LEVELS.items():
        codes = codes.mask(level.eq(name), table[headers[column]].str.strip())
    return codes.where(codes.str.fullmatch(_GSS).fillna(False))


def _long_codes(
    table: pd.DataFrame, dataset: Dataset, headers: Mapping[str, str], aliases: Mapping[str, str]
) -> pd.Series:
    known = authorities().values()
    by_name = {normalise_text(authority.name): authority.authority_code for authority in known}
    by_name |= {normalise_text(alias): by_name[normalise_text(name)] for alias, name in aliases.items()}
    codes = table[str(dataset.find_header("place", headers))].map(normalise_text).map(by_name).astype("str")
    number = dataset.find_header("place_number", headers)
    if number is not None:
        by_number = {
            authority.dfe_code: authority.authority_code for authority in known if authority.dfe_code
        }
        numbers = table[number].str.strip().str.removesuffix(".0")
        codes = codes.fillna(numbers.map(by_number).astype("str"))
    return codes


def _years(texts: pd.Series) -> pd.Series:
    distinct = pd.Series(texts.unique(), dtype="str")
    parts = distinct.str.strip().str.extract(f"^{_YEAR}$")
    first = pd.to_numeric(parts["first"]).astype("Int64")
    years = first.where(parts["last"].isna(), first + 1).set_axis(distinct)
    return years.reindex(texts.to_numpy()).set_axis(texts.index)
