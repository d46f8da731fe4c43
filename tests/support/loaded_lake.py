"""The lake of an authority without a delivery: tables of one run, of which only `person` has rows."""

from __future__ import annotations

import pandas as pd

from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.history.pseudonym import pseudonymise
from cf_pipeline.project.id_key import verified_id_key
from cf_pipeline.project.lake_layout import PERSON, QUARANTINE, TableKey, clean_list, table_path
from cf_pipeline.project.lake_tables import lake_table
from cf_pipeline.project.parquet_table import write_table
from cf_pipeline.project.runs.good_run import FOR_ALL, OF_ONE_RUN
from cf_pipeline.project.settings import Settings
from cf_pipeline.project.unfinished_runs import RUN_ID

SLUG, CODE = "camden", "E09000007"
RUN = "run-1"


def load_person(settings: Settings, child_id: str = "A1") -> None:
    """Put the tables of one run into the lake, with one child."""
    key = verified_id_key(settings)
    for name in list_contracts():
        put_table(settings, clean_list(name))
    for table in (QUARANTINE, *OF_ONE_RUN):
        put_table(settings, table)
    for table in FOR_ALL:
        write_table(table_path(settings.lake, table), lake_table(*table).empty(), table)
    ref = pseudonymise(pd.Series([child_id], dtype="str"), CODE, key).item()
    rows = lake_table(*PERSON).frame([{"person_ref": ref, "child_id": child_id}])
    write_table(table_path(settings.lake, PERSON, SLUG), rows, PERSON)


def put_table(settings: Settings, key: TableKey, run: str = RUN) -> None:
    """A table without rows, of a run."""
    rows = lake_table(*key).empty()
    rows.attrs[RUN_ID] = run
    write_table(table_path(settings.lake, key, SLUG), rows, key)
