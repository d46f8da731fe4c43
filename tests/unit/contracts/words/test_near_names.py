"""The name that comes nearest is suggested, and none where nothing is near."""

import pytest

from cf_pipeline.contracts.words.near_names import did_you_mean, near_name

NAMES = ["city-of-london", "hackney", "hammersmith-and-fulham", "contacts_count", "run"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("City of London", "city-of-london"),
        ("hackny", "hackney"),
        ("Hammersmith & Fulham", "hammersmith-and-fulham"),
        ("contact_count", "contacts_count"),
        ("rnu", "run"),
        ("zzz", None),
        ("", None),
    ],
)
def test_the_nearest_name_is_the_one_meant(text, name):
    assert near_name(text, NAMES) == name
    assert did_you_mean(text, NAMES) == (f" Did you mean {name}?" if name else "")
