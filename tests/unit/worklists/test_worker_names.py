"""Names of workers come from the mapping alone."""

from __future__ import annotations

import pandas as pd

from cf_pipeline.clean.values.scalars import parse_worker
from cf_pipeline.history.merge.delivered_rows import worker_pseudonyms
from cf_pipeline.worklists.worker_names import worker_names

CODE, KEY = "E09000001", b"k" * 32


def test_a_name_in_the_mapping_has_the_pseudonym_of_the_worker_in_the_files() -> None:
    in_file = pd.Series([parse_worker("WORKER, Ada")[0]], dtype="str")
    (pseudonym,) = worker_pseudonyms(in_file, CODE, KEY)
    assert worker_names({"Ada Worker"}, CODE, KEY) == {pseudonym: "Ada Worker"}


def test_nobody_is_no_worker() -> None:
    assert worker_names({"Unallocated", "  "}, CODE, KEY) == {}
    assert worker_names((), CODE, KEY) == {}
