"""Lists 10 and 11: adoption and adopters, over the twelve months to the as-at date."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cf_pipeline.sample.extracts.extract import Window, contract_frame, person_columns, system_ids
from cf_pipeline.sample.system.case_system import CaseSystem
from cf_pipeline.sample.system.records import texts_where


def adoptions(system: CaseSystem, window: Window) -> pd.DataFrame:
    """List 10: decided, and neither adopted nor reversed before the twelve months."""
    table, since = system.adoptions, window.twelve_months_from
    ended = np.where(np.isnat(table["adopted"]), table["reversed"], table["adopted"])
    rows = table.rows_where((table["decided"] <= window.as_at) & (np.isnat(ended) | (ended >= since)))
    reversed_ = window.known_dates(table["reversed"][rows])
    columns = person_columns(system, table["person"][rows], window) | {
        "family_id": system_ids("F", table["person"][rows]),
        "entered_care_date": table["entered"][rows],
        "adm_decision_date": table["decided"][rows],
        "placement_order_date": window.known_dates(table["ordered"][rows]),
        "matched_date": window.known_dates(table["matched"][rows]),
        "placed_for_adoption_date": window.known_dates(table["placed"][rows]),
        "adoption_order_date": window.known_dates(table["adopted"][rows]),
        "decision_reversed_date": reversed_,
        "decision_reversed_reason": texts_where(~np.isnat(reversed_), table["reason"][rows]),
        "ffa_placement_date": window.known_dates(table["fostered"][rows]),
    }
    return contract_frame("adoptions", columns)


def adopters(system: CaseSystem, window: Window) -> pd.DataFrame:
    """List 11: enquiries by the as-at date of adopters who had not left before the twelve months."""
    table = system.adopters
    left = table["left"]
    rows = table.rows_where(
        (table["enquiry"] <= window.as_at) & (np.isnat(left) | (left >= window.twelve_months_from))
    )
    placed, gone = window.known_dates(table["placed"][rows]), window.known_dates(left[rows])
    columns = {
        "adopter_id": system_ids("A", rows),
        "family_id": system_ids("AF", rows),
        "gender": table["gender"][rows],
        "ethnicity": table["ethnicity"][rows],
        "has_disability": table["disability"][rows],
        "fostering_for_adoption": table["fosters"][rows],
        "enquiry_date": table["enquiry"][rows],
        "stage1_start_date": window.known_dates(table["stage1"][rows]),
        "stage1_end_date": window.known_dates(table["stage1_end"][rows]),
        "stage2_start_date": window.known_dates(table["stage2"][rows]),
        "stage2_end_date": window.known_dates(table["stage2_end"][rows]),
        "application_date": window.known_dates(table["applied"][rows]),
        "approved_date": window.known_dates(table["approved"][rows]),
        "matched_date": window.known_dates(table["matched"][rows]),
        "placed_date": placed,
        "children_placed": np.where(np.isnat(placed), -1, table["children"][rows]),
        "adoption_order_date": window.known_dates(table["adopted"][rows]),
        "left_process_date": gone,
        "left_process_reason": texts_where(~np.isnat(gone), table["reason"][rows]),
    }
    return contract_frame("adopters", columns)
