"""A server of the warehouse: its version, roles, schemas and rights."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from cf_pipeline.operations.doctor.clock import check_clock
from cf_pipeline.operations.doctor.finding import ATTENTION, FAULT, OK
from cf_pipeline.operations.doctor.scan import Scan
from cf_pipeline.operations.doctor.warehouse_check import check_warehouse
from cf_pipeline.operations.project_state import ProjectState, Publication
from cf_pipeline.warehouse import ServerState

NOW = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
PUBLISHED = ProjectState(NOW, publication=Publication(7, NOW - dt.timedelta(hours=10), "1.0"))
WELL = ServerState(16, NOW, is_set_up=True)


def test_a_server_that_is_well_is_told_with_its_publication() -> None:
    [finding] = check_warehouse(PUBLISHED, WELL)
    assert (finding.level, finding.what) == (OK, "Version 7 is shown, published 2026-03-01 02:00 UTC.")


@pytest.mark.parametrize(
    ("change", "level", "what", "fix"),
    [
        ({"version": 14}, FAULT, "PostgreSQL 14; 15 or newer", "newer server"),
        ({"is_set_up": False}, ATTENTION, "no roles", "init-db"),
        ({"missing_roles": ("cf_reader",)}, FAULT, "cf_reader", "init-db"),
        ({"missing_schemas": ("restricted",)}, FAULT, "restricted", "init-db"),
        ({"may_publish": False}, FAULT, "cf_writer", "GRANT cf_writer"),
        ({"has_newer_layout": True}, FAULT, "newer version", "Install that version"),
    ],
)
def test_what_a_server_lacks_is_named(change: dict, level: str, what: str, fix: str) -> None:
    [finding] = check_warehouse(PUBLISHED, dataclasses.replace(WELL, **change))
    assert finding.level == level and what in finding.what and fix in finding.fix


def test_a_server_whose_clock_differs_is_named() -> None:
    [finding] = check_clock(PUBLISHED, Scan({}), NOW + dt.timedelta(minutes=5))
    assert finding.level == ATTENTION and "+300 seconds" in finding.what
    [finding] = check_clock(PUBLISHED, Scan({}), NOW + dt.timedelta(seconds=90))
    assert finding.level == OK
