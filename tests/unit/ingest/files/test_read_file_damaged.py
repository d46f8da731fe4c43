"""A file that holds rows never loads as a success with none, or with fewer: it is whole or it is refused."""

import datetime as dt
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from cf_pipeline.ingest.receive import receive_file
from tests.support.workbooks import narrow_table, write_workbook

IDS = [f"C{number}" for number in range(40)]
ROWS = narrow_table("contacts", *({"child_id": one, "contact_date": dt.date(2019, 11, 5)} for one in IDS))


@settings(max_examples=25, deadline=None)
@given(where=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7), cut=st.booleans())
def test_a_flipped_bit_or_a_cut_leaves_every_row_or_refuses_the_file(where, bit, cut):
    with tempfile.TemporaryDirectory() as folder:
        path = write_workbook(Path(folder) / "contacts 2019-12-31.xlsx", {"List 1": ROWS})
        data = bytearray(path.read_bytes())
        at = int(where * len(data))
        data[at] ^= 1 << bit
        path.write_bytes(data[:at] if cut else data)
        received = receive_file(path)
    assert received.refusals or received.lists["contacts"]["child_id"].tolist() == IDS
