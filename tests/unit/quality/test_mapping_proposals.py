"""What a council has to decide, and the line that settles it."""

from __future__ import annotations

import pandas as pd
import pytest

from cf_pipeline.clean.codes.unmatched_codes import TO_DECIDE as UNMATCHED_CODES
from cf_pipeline.contracts.mapping import load_mapping
from cf_pipeline.ingest.tables.unmatched_headers import UNMATCHED as UNMATCHED_HEADERS
from cf_pipeline.quality.mapping_proposals import NO_GUESS, propose_mappings

HEADER = {"delivery_id": "2019-12-31", "as_at": pd.Timestamp("2019-12-31"), "file": "a.xlsx", "sheet": "L1"}


def headers(*found: tuple[str, str, int, str | None]) -> pd.DataFrame:
    rows = [
        HEADER | {"list": name, "header": header, "rows": n, "guess": guess}
        for name, header, n, guess in found
    ]
    return UNMATCHED_HEADERS.frame(rows)


def codes(*found: tuple[str, str, str, int, str | None]) -> pd.DataFrame:
    rows = [
        {"list": name, "column": code_set, "code_set": code_set}
        | {"wording": wording, "rows": n, "guess": guess}
        for name, code_set, wording, n, guess in found
    ]
    return UNMATCHED_CODES.frame(rows)


def pasted(tmp_path, decisions: pd.DataFrame):
    """The mapping that a council gets by pasting every line under its table."""
    text = "".join(
        f"[{table}]\n" + "".join(f"{line}\n" for line in rows["line"])
        for table, rows in decisions.groupby("table")
    )
    (tmp_path / "mapping.toml").write_text(text, encoding="utf-8")
    return load_mapping(tmp_path)


def test_a_header_comes_with_the_line_that_names_its_column():
    (row,) = propose_mappings(headers(("contacts", "Contact Dt", 120, "contact_date")), codes()).to_dict(
        "records"
    )
    assert (row["kind"], row["table"]) == ("header", "headers.contacts")
    assert row["line"] == '"Contact Dt" = "contact_date"'
    assert row["guess"] == "contact_date (Date of Contact)"
    assert row["where"] == "a.xlsx, sheet 'L1'"


def test_a_wording_comes_with_the_line_that_names_its_code():
    (row,) = propose_mappings(headers(), codes(("contacts", "gender", "Male identifying", 7, "M"))).to_dict(
        "records"
    )
    assert (row["kind"], row["table"]) == ("code", "codes.gender")
    assert row["line"] == '"Male identifying" = "M"'
    assert row["guess"].startswith("M (")


def test_one_line_settles_a_wording_in_every_list():
    found = propose_mappings(
        headers(), codes(("contacts", "gender", "w", 7, "M"), ("referrals", "gender", "w", 5, "M"))
    )
    assert found[["rows", "list"]].to_dict("records") == [{"rows": 12, "list": "contacts; referrals"}]


def test_most_rows_come_first():
    found = propose_mappings(
        headers(("contacts", "few", 3, None), ("contacts", "many", 900, None)),
        codes(("contacts", "gender", "some", 40, None)),
    )
    assert found["wording"].tolist() == ["many", "some", "few"]


@pytest.mark.parametrize(
    "wording", ['say "M"', "back\\slash", "tab\tline\nfeed", "é – ’", "\x7f", "=1+1", "#"]
)
def test_the_line_means_what_it_says_when_it_is_pasted(tmp_path, wording):
    found = propose_mappings(
        headers(("contacts", wording, 1, "contact_date")), codes(("contacts", "gender", wording, 1, "M"))
    )
    mapping = pasted(tmp_path, found)
    assert mapping.headers == {"contacts": {wording: "contact_date"}}
    assert mapping.codes == {"gender": {wording: "M"}}


def test_a_line_without_a_guess_changes_nothing_until_it_is_filled_in(tmp_path):
    found = propose_mappings(
        headers(("contacts", "Mystery", 1, "")), codes(("contacts", "gender", "?", 1, None))
    )
    assert found["guess"].tolist() == [NO_GUESS, NO_GUESS]
    assert found["line"].tolist() == ['# "?" = "..."', '# "Mystery" = "..."']
    assert pasted(tmp_path, found).headers == {"contacts": {}}


def test_a_wording_that_may_not_be_shown_has_no_line_to_paste(tmp_path):
    hidden = "(not shown: row 12 of a.csv)"
    found = propose_mappings(
        headers(("contacts", "(not shown)", 1, "")), codes(("contacts", "gender", hidden, 1, "M"))
    )
    assert set(found["line"]) == {"# look the wording up in the file"}
    assert pasted(tmp_path, found).codes == {"gender": {}}


def test_nothing_to_decide_is_an_empty_table():
    assert propose_mappings(headers(), codes()).empty
