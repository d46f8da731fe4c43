"""Hashes of what a report was measured on."""

import pandas as pd

from cf_pipeline.kpi.lineage.as_reported import file_hashes, short_hash, state_hashes

JUNE, SEPTEMBER = pd.Timestamp("2019-06-30"), pd.Timestamp("2019-09-30")
ROWS = [
    ("2019-09-30", SEPTEMBER, "b.csv", "2f", "accepted", "contacts"),
    ("2019-06-30", JUNE, 'a "new", one.csv', "1e", "accepted", "referrals"),
    ("2019-06-30", JUNE, 'a "new", one.csv', "1e", "accepted", "contacts"),
    ("2019-06-30", JUNE, "z.csv", None, "refused", None),
]
COLUMNS = ["delivery_id", "as_at", "file", "sha256", "status", "list"]
MANIFEST = pd.DataFrame(ROWS, columns=COLUMNS).astype(dict.fromkeys(["file", "sha256", "list"], "str"))


def test_files_have_the_hash_of_their_table_as_text_so_that_earlier_reports_are_known_again() -> None:
    columns = ["delivery_id", "file", "sha256", "status"]
    files = MANIFEST[columns].drop_duplicates().sort_values(["delivery_id", "file"])
    june = files[files["delivery_id"].eq("2019-06-30")]
    expected = [short_hash(rows.to_csv(index=False)) for rows in (june, files)]
    assert file_hashes(MANIFEST, [JUNE, SEPTEMBER]) == expected


def test_a_list_that_is_held_changes_the_state_of_its_day_and_of_later_ones() -> None:
    is_september = MANIFEST["as_at"].eq(SEPTEMBER)
    held = MANIFEST.assign(status=MANIFEST["status"].mask(is_september, "held"))
    before, after = (state_hashes(rows, [JUNE, SEPTEMBER]) for rows in (MANIFEST, held))
    assert before[0] == after[0]
    assert before[1] != after[1]
