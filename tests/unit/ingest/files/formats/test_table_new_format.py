"""`docs/adding_an_input_format.md` is true: its module and its entry, put where it says, make a format.

Both are added to a copy of the product, in which nothing else is changed.
"""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[5]
GUIDE = ROOT / "docs/adding_an_input_format.md"
FORMATS = "cf_pipeline/ingest/files/formats"
LAST_ENTRY = '    FileFormat(\n        name="delimited text",'
IMPORTED = "from cf_pipeline.ingest.files.formats import delimited_text, "
CHECK = """
import json, sys
from pathlib import Path
from cf_pipeline.ingest.receive import receive_deliveries

received = receive_deliveries(Path(sys.argv[1]), "hackney")
contacts = received.lists["contacts"].astype("str").fillna("")
print(json.dumps({
    "contacts": contacts[["child_id", "contact_date", "contact_source", "excel_row"]].to_numpy().tolist(),
    "refusals": received.refusals,
    "manifest": received.manifest[["file", "status"]].to_numpy().tolist(),
}))
"""


@pytest.fixture(scope="module")
def product(tmp_path_factory):
    """A copy of the product with the guide's module, and its entry above delimited text."""
    module, entry = re.findall(r"^```python\n(.*?)^```", GUIDE.read_text(encoding="utf-8"), re.M | re.S)
    copy = tmp_path_factory.mktemp("product")
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "cf_pipeline", copy / "cf_pipeline", ignore=ignored)
    (copy / FORMATS / "json_lines.py").write_text(module, encoding="utf-8")
    table = copy / FORMATS / "table.py"
    text = table.read_text(encoding="utf-8")
    assert text.count(LAST_ENTRY) == text.count(IMPORTED) == 1
    text = text.replace(LAST_ENTRY, f"{entry.rstrip()},\n{LAST_ENTRY}").replace(
        IMPORTED, f"{IMPORTED}json_lines, "
    )
    table.write_text(text, encoding="utf-8")
    return copy


def receive_in(product, raw):
    done = subprocess.run(
        [sys.executable, "-c", CHECK, str(raw)], cwd=product, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture
def delivery(tmp_path):
    folder = tmp_path / "raw/hackney/2019-12-31"
    folder.mkdir(parents=True)
    return folder


RECORDS = [
    {"Child Unique ID": "A1", "Date of Contact": "2019-11-05", "Contact Source": "Police"},
    {"Child Unique ID": 77, "Date of Contact": "2019-11-06"},
]


def test_a_delivery_in_the_new_format_is_read_under_its_ending_and_any_other(product, delivery):
    lines = "\n".join(map(json.dumps, RECORDS))
    (delivery / "contacts.jsonl").write_text(lines)
    (delivery / "named as text.csv").write_text(lines + "\n")
    (delivery / "letter.docx").write_text("x")
    received = receive_in(product, delivery.parents[1])
    rows = [["A1", "2019-11-05", "Police", "2"], ["77", "2019-11-06", "", "3"]]
    assert received["refusals"] == []
    assert received["contacts"] == rows * 2
    assert received["manifest"] == [
        ["contacts.jsonl", "read"],
        ["letter.docx", "ignored"],
        ["named as text.csv", "read"],
    ]


def test_its_own_refusal_is_a_sentence_that_says_what_to_do(product, delivery):
    (delivery / "contacts.jsonl").write_text('{"Child Unique ID": "A1"}\n{"Child Unique ID"\n')
    received = receive_in(product, delivery.parents[1])
    (sentence,) = received["refusals"]
    assert "contacts.jsonl: line 2 is not one JSON object; export the file again" in sentence


def test_the_other_formats_are_read_as_before(product, delivery):
    (delivery / "contacts.csv").write_text("Child Unique ID,Date of Contact\nA1,2019-11-05\n")
    assert receive_in(product, delivery.parents[1])["manifest"] == [["contacts.csv", "read"]]
