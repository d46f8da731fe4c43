"""Whom a text means: one authority by any of its names and codes, several, or one that is no more."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cf_pipeline.contracts.authorities import authorities
from cf_pipeline.contracts.authority_names import OUTSIDE_ENGLAND, find_authorities, other_codes

LOCAL = [authority for authority in authorities().values() if authority.kind == "local_authority"]


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("London Borough of Hackney", "hackney"),
        ("LB Hackney", "hackney"),
        ("HACKNEY COUNCIL", "hackney"),
        ("City of London Corporation", "city-of-london"),
        ("Royal Borough of Kingston upon Thames", "kingston-upon-thames"),
        ("Bristol City Council", "bristol-city-of"),
        ("Durham County Council", "county-durham"),
        ("840", "county-durham"),
        ("E06000047", "county-durham"),
        ("Bournemouth, Christchurch and Poole", "bournemouth-christchurch-and-poole"),
        ("Brighton & Hove", "brighton-and-hove"),
        ("Dorset", "dorset"),
        ("815 - North Yorkshire", "north-yorkshire"),
        ("E06000065 North Yorkshire", "north-yorkshire"),
        ("825.0", "buckinghamshire"),
        ("London", None),
        ("England", None),
        ("Council", None),
        ("Social worker", None),
        ("E99999999", None),
        ("12", None),
        ("and", None),
        ("/", None),
    ],
)
def test_an_authority_is_known_by_name_folder_or_code(text, slug):
    assert find_authorities(text).slug == slug


@pytest.mark.parametrize(
    ("old", "new", "number", "slug"),
    [
        ("E10000002", "E06000060", "825", "buckinghamshire"),
        ("E08000020", "E08000037", "390", "gateshead"),
        ("E06000048", "E06000057", "929", "northumberland"),
        ("E10000023", "E06000065", "815", "north-yorkshire"),
        ("E10000027", "E06000066", "933", "somerset"),
        ("E08000016", "E08000038", "370", "barnsley"),
        ("E08000019", "E08000039", "373", "sheffield"),
    ],
)
def test_an_authority_whose_code_changed_is_the_same_by_both_and_by_its_number(old, new, number, slug):
    assert [find_authorities(text).slug for text in (old, new, new.lower(), number)] == [slug] * 4


@pytest.mark.parametrize(
    ("text", "slugs"),
    [
        ("E10000021", {"north-northamptonshire", "west-northamptonshire"}),
        ("928", {"north-northamptonshire", "west-northamptonshire"}),
        ("Northamptonshire County Council", {"north-northamptonshire", "west-northamptonshire"}),
        ("Cumbria", {"cumberland", "westmorland-and-furness"}),
        ("E10000009", {"dorset", "bournemouth-christchurch-and-poole"}),
        ("Poole", {"bournemouth-christchurch-and-poole"}),
    ],
)
def test_an_authority_that_was_divided_or_merged_is_none_of_those_that_followed(text, slugs):
    found = find_authorities(text)
    assert (found.slugs, found.slug, found.is_former) == (slugs, None, True)


@pytest.mark.parametrize(
    ("text", "slugs"),
    [
        ("Bournemouth, Christchurch and Poole / Dorset", {"bournemouth-christchurch-and-poole", "dorset"}),
        ("Cornwall and Isles of Scilly", {"cornwall", "isles-of-scilly"}),
        ("City of London and Hackney", {"city-of-london", "hackney"}),
        ("Hammersmith & Fulham and Westminster", {"hammersmith-and-fulham", "westminster"}),
        ("E09000001, E09000012", {"city-of-london", "hackney"}),
        ("908/420", {"cornwall", "isles-of-scilly"}),
    ],
)
def test_a_joint_name_or_code_means_each_of_them(text, slugs):
    found = find_authorities(text)
    assert (found.slugs, found.slug) == (slugs, None)


def test_codes_of_wales_scotland_and_northern_ireland_are_outside_england():
    found = {find_authorities(code).slugs for code in ("W06000015", "S12000033", "N09000003")}
    assert found == {frozenset({OUTSIDE_ENGLAND})}


def test_every_authority_is_known_by_each_of_its_own_names():
    for authority in LOCAL:
        texts = (authority.slug, authority.name, authority.authority_code, authority.dfe_code)
        assert {find_authorities(text).slug for text in texts} == {authority.slug}


def test_other_codes_are_of_authorities_that_exist_and_were_in_force_for_a_time():
    own = {authority.authority_code for authority in LOCAL}
    slugs = {authority.slug for authority in LOCAL}
    for row in other_codes():
        assert row["authority_code"] not in own
        assert set(row["slugs"].split(";")) <= slugs
        ends = [dt.date.fromisoformat(row[name]) for name in ("valid_from", "valid_to") if row[name]]
        assert ends
        assert ends == sorted(ends)


@given(st.sampled_from(LOCAL), st.sampled_from(LOCAL), st.sampled_from([" / ", "; ", " and ", " & "]))
def test_two_whole_names_together_are_never_one_other_authority(one, other, joint):
    found = find_authorities(f"{one.name}{joint}{other.name}")
    assert found.slugs <= {one.slug, other.slug}
    assert one is other or found.slug is None
