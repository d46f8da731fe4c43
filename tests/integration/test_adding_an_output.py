"""`docs/adding_an_output.md` is true: its module and its entry, put where it says, give a file in a real run.

Both are added to a copy of the product, in which nothing else is changed.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support.product_copy import ROOT, copy_product, run_command
from tests.support.small_deliveries import deliver

GUIDE = ROOT / "docs" / "adding_an_output.md"


def code_blocks() -> list[str]:
    """The guide's blocks of Python: the module, then the entry."""
    return re.findall(r"^```python\n(.*?)^```", GUIDE.read_text(encoding="utf-8"), re.M | re.S)


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the product with the guide's form, and one delivery in its drop zone."""
    copy = copy_product(tmp_path_factory.mktemp("product"))
    module, entry = code_blocks()
    (copy / "cf_pipeline/outputs/headlines_text.py").write_text(module, encoding="utf-8")
    registry = copy / "cf_pipeline/outputs/forms.py"
    before, _, after = registry.read_text(encoding="utf-8").partition('\n)\n"""In the order')
    imports = "from cf_pipeline.outputs.headlines_text import render_headlines\n"
    before = before.replace(
        "from cf_pipeline.outputs.output_form", f"{imports}from cf_pipeline.outputs.output_form"
    )
    registry.write_text(f'{before}\n{entry.rstrip()},\n)\n"""In the order{after}', encoding="utf-8")
    deliver(copy / "raw", "camden")
    return copy


@pytest.mark.slow
def test_a_run_writes_the_file_and_names_it(product: Path) -> None:
    ended = run_command(product, "run")
    assert ended.returncode == 0, ended.stderr
    file = product / "data/outputs/camden/headlines.txt"
    assert re.search(rf"^Headlines: +{re.escape(str(file))}$", ended.stdout, re.M)
    lines = file.read_text(encoding="utf-8").splitlines()
    assert lines[0] == "Camden, 2019/20 Q3"
    assert "Contacts and Referrals" in lines
