"""Whose figures they are: an authority under any of its codes, and the places it is set beside."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest

from cf_pipeline.comparators import authority_population, combine_releases, population_estimates
from cf_pipeline.comparators.open_data import read_folder
from cf_pipeline.contracts.authorities import ENGLAND, LONDON, authorities, places_beside
from cf_pipeline.ingest.receive import receive_deliveries
from tests.support.workbooks import deliver, narrow_table

HEADER = (
    "time_period,time_identifier,geographic_level,country_code,country_name,region_code,region_name,old_la_code,"
    "new_la_code,la_name,age_group,population_estimate"
)


@pytest.mark.parametrize(
    ("whose_row", "is_loaded"),
    [
        ("E09000001", True),  # City of London, the authority of the file
        ("201", True),
        ("City of London Corporation", True),
        ("E06000060", False),  # Buckinghamshire since 2020
        ("E10000002", False),  # and before
        ("825", False),
        ("E06000066", False),  # Somerset since 2023
        ("E08000039", False),  # Sheffield since 2025
        ("Westmorland and Furness", False),
        ("909", False),  # Cumbria, divided in 2023
    ],
)
def test_a_row_is_of_the_authority_that_any_code_or_name_means(
    raw: Path, whose_row: str, is_loaded: bool
) -> None:
    contact = {"child_id": "A1", "contact_date": dt.date(2019, 11, 5), "contact_source": "Police"}
    header, row = narrow_table("contacts", contact)
    deliver(raw, {"List 1": [[*header, "LA Code"], [*row, whose_row]]})
    rules = receive_deliveries(raw, "city-of-london").findings["rule"].tolist()
    assert rules == ([] if is_loaded else ["other_authority"])


@pytest.mark.parametrize(
    ("number", "code", "name", "slug"),
    [
        ("825", "E10000002", "Buckinghamshire", "buckinghamshire"),
        ("825", "E06000060", "Buckinghamshire", "buckinghamshire"),
        ("815", "E06000065", "North Yorkshire", "north-yorkshire"),
        ("370", "E08000038", "Barnsley", "barnsley"),
        ("928", "E10000021", "Northamptonshire", None),  # divided: neither of those that followed
        ("908", "E06000052", "Cornwall and Isles of Scilly", None),  # two together
    ],
)
def test_a_published_population_is_that_of_the_one_authority_it_means(
    tmp_path: Path, number: str, code: str, name: str, slug: str | None
) -> None:
    row = f"2031,Reporting year,Local authority,E92000001,England,,,{number},{code},{name},0 to 17,126000"
    (tmp_path / "ons.csv").write_text(f"{HEADER}\n{row}\n", encoding="utf-8")
    read = read_folder(tmp_path)
    estimates = population_estimates(combine_releases(read.rows))
    persons = {
        place.slug: authority_population(estimates, place.authority_code).set_index("mid_year")["persons"]
        for place in authorities().values()
    }
    with_estimate = [name for name, known in persons.items() if 2031 in known.index]
    assert with_estimate == ([slug] if slug else [])
    assert bool(read.notes or read.refusals) is (slug is None)


@pytest.mark.parametrize(
    ("slug", "beside"),
    [
        ("city-of-london", {"london": LONDON, "inner_london": "E13000001", "england": ENGLAND}),
        ("newham", {"london": LONDON, "inner_london": "E13000001", "england": ENGLAND}),
        ("greenwich", {"london": LONDON, "outer_london": "E13000002", "england": ENGLAND}),
        ("buckinghamshire", {"region": "E12000008", "england": ENGLAND}),
        ("leeds", {"region": "E12000003", "england": ENGLAND}),
    ],
)
def test_an_authority_is_set_beside_its_own_region_and_london_only_in_london(
    slug: str, beside: dict[str, str]
) -> None:
    assert places_beside(authorities()[slug].authority_code) == beside


def test_every_authority_has_a_region_and_a_london_borough_a_part_of_london() -> None:
    local = pd.DataFrame([vars(place) for place in authorities().values() if place.kind == "local_authority"])
    assert local["region_code"].str.fullmatch(r"E12\d{6}").all()
    in_london = local["region_code"].eq(LONDON)
    assert local.loc[in_london, "sub_region_code"].value_counts().to_dict() == {
        "E13000002": 19,
        "E13000001": 14,
    }
    assert set(local.loc[~in_london, "sub_region_code"]) == {""}
