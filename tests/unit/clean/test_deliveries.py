"""A delivery is cleaned once, by itself: what came of it is kept, whatever else has arrived."""

import datetime as dt
from itertools import permutations

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cf_pipeline.clean import clean_lists, deliveries
from cf_pipeline.clean.deliveries import clean_deliveries, delivery_keys
from cf_pipeline.contracts.list_contract import PROVENANCE
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.contracts.mapping import NO_MAPPING, CouncilMapping
from cf_pipeline.history.holds.hold import clean_accepted
from cf_pipeline.ingest.findings import FINDINGS
from cf_pipeline.ingest.manifest import MANIFEST
from cf_pipeline.ingest.receive import receive_deliveries
from cf_pipeline.project.results.lake_results import LakeResults
from cf_pipeline.results import Result
from tests.support.workbooks import AUTHORITY, deliver_text

HEADERS = "Child Unique ID,Date of Birth,Date of Contact,Contact Source,Gender\n"


class MemoryStore(dict):
    """A store that remembers which keys were kept."""

    def find(self, key: str) -> Result | None:
        return self.get(key)

    def keep(self, key: str, result: Result) -> None:
        assert key not in self
        self[key] = result


DAYS = ("2019-06-30", "2019-09-30", "2019-12-31", "1998-12-31", "2018-01-01_2018-12-31")
TEXTS = {
    "child_id": ("A1", "A2", "B-17", "007", "1.2E+20", "", "Total", "No records found", '="0012"', "TEST"),
    "contact_date": (
        "2019-05-05",
        "05/06/19",
        "29/02/00",
        "Mon 06/01/25",
        "13/13/2019",
        "43774",
        "1900-01-01",
        "",
    ),
    "date_of_birth": ("2010-05-01", "01/05/10", "31/12/99", "2031-01-01", "1960-01-01", ""),
    "contact_source": ("Police", "1A", "Mrs Zebra", "XQZT", "Grandmum", ""),
    "gender": ("Female", "F", "Purple", ""),
}
RECORDS = st.lists(
    st.fixed_dictionaries({name: st.sampled_from(texts) for name, texts in TEXTS.items()}), max_size=6
)
SHEETS = st.fixed_dictionaries({"contacts": RECORDS, "referrals": RECORDS})
HISTORIES = st.dictionaries(st.sampled_from(DAYS), SHEETS, min_size=1, max_size=4)


def received(history):
    """Ingested lists, manifest and findings of deliveries of records."""
    text, entries, findings = {name: [] for name in ("contacts", "referrals")}, [], []
    for delivery, sheets in history.items():
        start, _, as_at = delivery.rpartition("_")
        for name, records in sheets.items():
            contract = list_contracts()[name]
            place = {"delivery_id": delivery, "as_at": as_at, "file": f"{name}.csv", "sheet": None}
            named = {"contact_date": contract.key_date}
            cells = [{named.get(key, key): text or None for key, text in each.items()} for each in records]
            rows = pd.DataFrame(cells, columns=contract.column_names, dtype="str").assign(**place)
            text[name].append(rows.assign(excel_row=range(2, len(rows) + 2)).astype(PROVENANCE))
            supplied = ";".join(contract.column_names[: 3 + 3 * len(records)])
            entries.append(
                place
                | {"covers_from": start or None, "status": "read", "list": name, "rows_read": len(rows)}
                | {"columns_supplied": supplied, "is_delivery_refused": False}
            )
            wrong = {"list": name, "excel_row": 2, "column": contract.key_date}
            findings += [
                place | wrong | {"rule": rule} for rule in ("cell_error", "id_filled_down") if records
            ]
            findings += [place | wrong | {"rule": "other_authority", "excel_row": 3} for _ in records[3:4]]
    lists = {name: pd.concat(parts, ignore_index=True) for name, parts in text.items() if parts}
    return lists, MANIFEST.frame(entries), FINDINGS.frame(findings)


def assert_same(one, other):
    assert one.lists.keys() == other.lists.keys()
    for name, rows in one.lists.items():
        pd.testing.assert_frame_equal(rows, other.lists[name])
    for name in vars(one).keys() - {"lists"}:
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name))


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(history=HISTORIES, data=st.data())
def test_what_is_kept_of_some_deliveries_and_cleaned_of_others_is_what_cleaning_all_gives(history, data):
    everything = received(history)
    cold = clean_deliveries(*everything)
    store, keys = MemoryStore(), {delivery: delivery for delivery in history}
    for earlier in data.draw(st.lists(st.sets(st.sampled_from(sorted(history)), min_size=1), max_size=2)):
        part = received({delivery: history[delivery] for delivery in history if delivery in earlier})
        clean_deliveries(*part, keys=keys, store=store)
    assert_same(cold, clean_deliveries(*everything, keys=keys, store=store))
    assert len(store) == len(history)
    assert_same(cold, clean_deliveries(*everything, keys=keys, store=store))


def test_each_delivery_by_itself_gives_what_all_together_give_in_any_order_of_arrival():
    cells = {name: list(texts) for name, texts in TEXTS.items()}
    records = [{name: texts[number % len(texts)] for name, texts in cells.items()} for number in range(10)]
    days = {
        day: {"contacts": records[start:], "referrals": records[:start]} for start, day in enumerate(DAYS[:4])
    }
    everything = received(days)
    cold = clean_deliveries(*everything)
    for order in list(permutations(days))[::7]:
        store = MemoryStore()
        for count in range(1, len(order) + 1):
            arrived = received({day: days[day] for day in days if day in order[:count]})
            warm = clean_deliveries(*arrived, keys={day: day for day in order[:count]}, store=store)
        assert_same(cold, warm)


def test_a_delivery_that_was_cleaned_is_not_cleaned_again(monkeypatch):
    first = {"2019-06-30": {"contacts": [{"child_id": "A1"}]}}
    both = first | {"2019-09-30": {"contacts": [{"child_id": "A2"}]}}
    store, cleaned = MemoryStore(), []
    original = deliveries.clean_list

    def clean_list(contract, text, *others):
        cleaned.append(sorted(set(text["delivery_id"])))
        return original(contract, text, *others)

    monkeypatch.setattr(deliveries, "clean_list", clean_list)
    for history in (first, both, both):
        clean_deliveries(*received(history), keys={delivery: delivery for delivery in history}, store=store)
    assert cleaned == [["2019-06-30"], ["2019-09-30"]]


def test_a_year_of_two_digits_is_read_by_its_own_delivery_whatever_else_arrived():
    """Monday 6 January is of 2025: for a delivery of 2023 the year 25 is 1925, and the weekday is wrong."""
    early = {"2023-03-31": {"contacts": [{"child_id": "A1", "contact_date": "Mon 06/01/25"}]}}
    late = {"2025-03-31": {"contacts": [{"child_id": "A2", "contact_date": "Mon 06/01/25"}]}}
    for history in (early, early | late):
        result = clean_lists(*received(history))
        own = result.issues[result.issues["delivery_id"].eq("2023-03-31")]
        assert "date_unreadable" in set(own["rule"])
        assert "date_two_digit_year" not in set(own["rule"])


@pytest.fixture
def run(raw, tmp_path):
    """Reads and cleans the drop zone with a store in a lake, or without."""

    def receive_and_clean(is_warm=True, version="v1"):
        kinds = ("files", "deliveries")
        stores = [LakeResults(str(tmp_path / "lake"), kind, AUTHORITY, version) for kind in kinds]
        if not is_warm:
            read = receive_deliveries(raw, AUTHORITY)
            return clean_accepted(read.lists, read.manifest, read.findings, read.mapping)
        read = receive_deliveries(raw, AUTHORITY, store=stores[0])
        return clean_accepted(
            read.lists, read.manifest, read.findings, read.mapping, keys=read.keys, store=stores[1]
        )

    return receive_and_clean


def assert_same_run(one, other):
    assert_same(one.cleaned, other.cleaned)
    pd.testing.assert_frame_equal(one.manifest, other.manifest)
    pd.testing.assert_frame_equal(one.held, other.held)


def csv(*rows):
    return (HEADERS + "".join(f"{row}\n" for row in rows)).encode()


def test_a_held_list_is_left_out_warm_as_cold_and_counts_again_when_it_is_mended(raw, run):
    august = [f"A{number},2010-01-01,2019-08-{number + 1:02},Police,F" for number in range(25)]
    december = [f"D{number},2010-01-01,2019-12-{number + 15},Police,F" for number in range(15)]
    unread = [f"S{number},2010-01-01,soon,Purple,F" for number in range(10)]
    deliver_text(raw, csv(*august), "2019-08-31")
    path = deliver_text(raw, csv(*august, *december, *unread), "2019-12-31")
    cold = run(is_warm=False)
    assert cold.held["list"].tolist() == ["contacts"]
    assert set(cold.cleaned.lists["contacts"]["delivery_id"]) == {"2019-08-31"}
    assert cold.cleaned.unmatched_codes.empty
    for _ in range(2):
        assert_same_run(cold, run())
    path.write_bytes(path.read_bytes().replace(b"soon", b"2019-12-30"))
    mended = run()
    assert mended.held.empty
    assert_same_run(run(is_warm=False), mended)


def test_a_word_of_the_council_is_noticed(raw, run):
    deliver_text(raw, csv("A1,2010-01-01,2019-11-05,Granny,F"))
    before = run().cleaned.lists["contacts"]["contact_source"].tolist()
    (raw / AUTHORITY / "mapping.toml").write_text('[codes.contact_referral_source]\nGranny = "6"\n')
    assert run().cleaned.lists["contacts"]["contact_source"].tolist() == ["6"] != before


def test_a_damaged_or_missing_result_of_a_delivery_is_worked_out_again(raw, run, tmp_path):
    deliver_text(raw, csv("A1,2010-01-01,2019-11-05,Police,F"), "2019-12-31")
    deliver_text(raw, csv("A1,2010-01-01,2019-08-05,Police,F"), "2019-09-30")
    cold = run(is_warm=False)
    run()
    one, other = sorted((tmp_path / "lake" / "results" / "deliveries").rglob("*.result"))
    one.write_bytes(one.read_bytes()[:-3])
    other.unlink()
    assert_same_run(cold, run())
    assert_same_run(cold, run(version="v2"))


def test_everything_that_cleaning_looks_at_is_in_the_key():
    _, manifest, _ = received({"2019-12-31": {"contacts": [{"child_id": "A1"}]}})

    def key_of(key, rows=manifest, mapping=NO_MAPPING):
        return delivery_keys({"2019-12-31": key}, rows, mapping)["2019-12-31"]

    keys = [key_of("key"), key_of("other")]
    mappings = {
        "headers": {"contacts": {"Team": "contact_team"}}, "codes": {"gender": {"Lady": "F"}},
        "sheets": {"A": "contacts"}, "month_first": frozenset({"contacts"}), "id_zero_pad": 8,
        "load_hidden_sheets": True, "infer_codes": frozenset({"gender"}), "categories": frozenset({"East"}),
        "workers": frozenset({"A Name"}), "intervals": {"protection_visit": "10 working days"},
    }  # fmt: skip
    assert mappings.keys() == vars(NO_MAPPING).keys()
    keys += [key_of("key", mapping=CouncilMapping(**{name: value})) for name, value in mappings.items()]
    changes = {
        "columns_supplied": "child_id",
        "status": "refused",
        "covers_from": pd.Timestamp(dt.date(2019, 1, 1)),
    }
    keys += [key_of("key", manifest.assign(**{name: value})) for name, value in changes.items()]
    assert len(set(keys)) == len(keys)
    assert key_of("key", pd.concat([manifest, manifest.assign(delivery_id="2020-03-31")])) == keys[0]
