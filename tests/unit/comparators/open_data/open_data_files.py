"""Published files as they are laid out, for tests that read them."""

from pathlib import Path

import pandas as pd

from cf_pipeline.comparators.open_data import read_folder

CITY, INNER_LONDON = "E09000001", "E13000001"
PLACES = "country_code,country_name,region_code,region_name,old_la_code,la_name,new_la_code"
REFERRALS = (
    f"time_period,time_identifier,geographic_level,{PLACES},referral_count,referral_child_count,"
    "rereferral_percent,no_further_action_percent,not_in_need_percent"
)
LEAVERS = f"time_period,time_identifier,geographic_level,{PLACES}"
CITY_ROW = "Local authority,E92000001,England,E13000001,Inner London,201,City of London,E09000001"
LONDON_ROW = "Regional,E92000001,England,E12000007,London,,,"
ENGLAND_ROW = "National,E92000001,England,,,,,"
LONG = "Short Desc,Data item,Years,LA and Regions,Values,LA Number,Region"


def read(tmp_path: Path, **files: str):
    folder = tmp_path / "_reference"
    folder.mkdir()
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return read_folder(folder)


def cells(rows: pd.DataFrame) -> dict[tuple, float | str]:
    return {
        (row.kpi_id, row.category, row.authority_code, row.year_ending): row.symbol
        if pd.isna(row.value)
        else row.value
        for row in rows.itertuples()
    }


def referrals(*rows: str, header: str = REFERRALS) -> str:
    """A table of referrals; its percentages are empty."""
    empty = ",,," if header == REFERRALS else ""
    return "\n".join([header, *(row + empty for row in rows), ""])
