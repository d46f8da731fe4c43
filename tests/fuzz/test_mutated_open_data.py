"""Whatever is done to a published file, it is read or refused in one sentence, and stops nothing."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cf_pipeline.comparators import combine_releases
from cf_pipeline.comparators.open_data import read_folder

PLACE = "Local authority,E92000001,E13000001,E09000001"
FILES = {
    "referrals.csv": "time_period,geographic_level,country_code,region_code,new_la_code,referral_count,"
    "referral_child_count,rereferral_percent,no_further_action_percent,not_in_need_percent\n"
    f"2019,{PLACE},81,78,,,\n2020,{PLACE},c,93,,,\n",
    "conferences.csv": "time_period,geographic_level,country_code,region_code,new_la_code,Section47,ICPC\n"
    f"2019,{PLACE},20,10\n2020,{PLACE},0,0\n",
    "looked_after.csv": "time_period,geographic_level,country_code,region_code,new_la_code,population_type,"
    f"children_count,rate_per_10000\n2019,{PLACE},Children looked after on 31 March each year,20,299\n",
    "tool.csv": "Short Desc,Data item,Years,LA and Regions,Values,LA Number,Region\n"
    "LACnum,Children,2019,City of London,20,201.0,Inner London\n",
}
PIECES = st.sampled_from(
    [
        ",",
        "\n",
        '"',
        "\r",
        ";",
        "\0",
        "\ufeff",
        "x",
        "-",
        "9" * 400,
        "1e999",
        "nan",
        "inf",
        "²",
        " ",
        "2019/20",
        "",
    ]
)
EDITS = st.lists(st.tuples(st.integers(0, 400), st.integers(0, 6), PIECES), min_size=1, max_size=4)


@given(name=st.sampled_from(sorted(FILES)), edits=EDITS)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_spoilt_file_is_read_or_refused_in_one_sentence(
    name: str, edits: list[tuple[int, int, str]]
) -> None:
    text = FILES[name]
    for at, length, piece in edits:
        start = at % len(text)
        text = text[:start] + piece + text[start + length :]
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / name).write_bytes(text.encode())
        (Path(folder) / "whole.csv").write_text(FILES["referrals.csv"])
        read = read_folder(Path(folder))
    assert "whole.csv" in set(read.rows["file"])
    assert len(read.refusals) <= 1
    assert not any("\n" in sentence for sentence in (*read.refusals, *read.notes))
    values = read.rows["value"].dropna()
    assert (values.abs() < float("inf")).all()
    assert (read.rows["value"].isna() == read.rows["symbol"].notna()).all()
    assert combine_releases(read.rows)["is_current"].any()
