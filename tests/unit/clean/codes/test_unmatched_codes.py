"""Unmatched wordings: each once, with its rows and a guess; never a person's details."""

import pandas as pd
import pytest

from cf_pipeline.clean.codes.unmatched_codes import (
    TO_DECIDE,
    count_unmatched,
    guess_code,
    list_unmatched_codes,
)
from cf_pipeline.clean.issues import ISSUES
from cf_pipeline.contracts.list_contract import PROVENANCE
from cf_pipeline.contracts.lists import list_contracts

CONTACTS = list_contracts()["contacts"]
PLACE = {
    "delivery_id": "2019-12-31",
    "as_at": pd.Timestamp("2019-12-31"),
    "file": "contacts.csv",
    "sheet": None,
}


def undecided(*wordings):
    rows = [PLACE | {"excel_row": number, "contact_source": one} for number, one in enumerate(wordings, 2)]
    text = pd.DataFrame(rows).astype(PROVENANCE | {"contact_source": "str"})
    found = text[list(PROVENANCE)].assign(
        list="contacts", rule="code_unmatched", severity="warning", column="contact_source",
        message="", suggestion="", kpis="", rows=1,
    )  # fmt: skip
    return list_unmatched_codes(count_unmatched(CONTACTS, text, ISSUES.concat([found])))


def test_each_wording_is_named_once_with_its_rows_the_most_first():
    result = undecided("XQZT", "SLEX", "SLEX", " SLEX ")
    assert result[["list", "column", "code_set", "wording", "rows"]].to_numpy().tolist() == [
        ["contacts", "contact_source", "contact_referral_source", "SLEX", 3],
        ["contacts", "contact_source", "contact_referral_source", "XQZT", 1],
    ]


@pytest.mark.parametrize(
    ("wording", "guess"),
    [("Grandmum of the child", "1A"), ("Local constable", "6"), ("Volantary groups", "8"), ("Blue", None)],
)
def test_the_guess_is_a_key_word_or_the_nearest_wording(wording, guess):
    assert guess_code("contact_referral_source", wording) == guess


@pytest.mark.parametrize(
    "wording",
    [
        "Phoned 02079460000 twice",
        "Seen on 3/4/2019",
        "Since 3rd April",
        "Lives at SW1A 1AA",
        "Mrs Zebra next door",
        "zebra@example.org",
        "a long tale of who said what to whom and when that goes on and on",
    ],
)
def test_what_may_be_about_a_person_is_a_place_not_a_wording(wording):
    assert undecided(wording)["wording"].tolist() == ["(not shown: row 2 of contacts.csv)"]


def test_nothing_unmatched_is_nothing_to_decide():
    nothing = list_unmatched_codes(count_unmatched(CONTACTS, CONTACTS.empty_text(), ISSUES.empty()))
    assert nothing.empty
    assert list(nothing.columns) == TO_DECIDE.column_names
