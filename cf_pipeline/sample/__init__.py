"""A synthetic case system: children who never lived, and the deliveries a council would send.

Belongs here: drawing a council's records from a seed and writing them as spreadsheets, with some
of the mess of real exports. Does not belong here: anything that reads, cleans or counts; the
sample knows the contracts and nothing else of the product.

`write_sample` writes deliveries into `raw/`; `true_lists` and `delivered_lists` give the records behind them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.sample.deliveries import delivered_lists, lists_of_delivery, true_lists
from cf_pipeline.sample.extracts.extract import Window, windows
from cf_pipeline.sample.mess import make_sheet
from cf_pipeline.sample.system.case_system import (
    DEFAULT_SEED,
    FIRST_AUTHORITY,
    CaseSystem,
    case_system,
    council_slugs,
)
from cf_pipeline.sample.system.days import as_date
from cf_pipeline.sample.write import Layout, write_csv, write_workbook

__all__ = ["DEFAULT_SEED", "FIRST_AUTHORITY", "delivered_lists", "true_lists", "write_sample"]

Extension = Literal["xlsx", "csv"]


def write_sample(
    raw: Path,
    *,
    authorities: int = 1,
    years: int = 3,
    children: int | None = None,
    seed: int = DEFAULT_SEED,
    layout: Layout = "plain",
    extension: Extension = "xlsx",
) -> list[Path]:
    """Write the sample's deliveries under `raw/<authority>/` and return the delivery folders written.

    Each authority gets one long extract of `years` financial years to 31 March 2019, then three
    quarterly deliveries. City of London with the default seed reproduces the committee paper.
    `children` is roughly how many children each further authority knows over that time; it sizes
    City of London too when it is the only one. Files of the same name are replaced.

    Raises:
        ValueError: a number that makes no sample; the message says which.
    """
    folders = []
    for slug in council_slugs(authorities):
        size = None if slug == FIRST_AUTHORITY and authorities > 1 else children
        system = case_system(slug, years, size, seed)
        for window in windows(system.plan):
            folder = raw / slug / window.delivery_id
            folder.mkdir(parents=True, exist_ok=True)
            _write_delivery(folder, system, window, layout, extension)
            folders.append(folder)
    return folders


def _write_delivery(
    folder: Path, system: CaseSystem, window: Window, layout: Layout, extension: Extension
) -> None:
    contracts, as_text = list_contracts(), extension == "csv"
    sheets = {
        name: make_sheet(contracts[name], frame, system, window.delivery_id, as_text=as_text)
        for name, frame in lists_of_delivery(system, window).items()
    }
    annex_a = [sheet for sheet in sheets.values() if sheet.contract.number is not None]
    local = [sheet for sheet in sheets.values() if sheet.contract.number is None]
    if extension == "csv":
        write_csv(folder, annex_a + local)
        return
    as_at = as_date(window.as_at)
    write_workbook(folder / f"Annex A {as_at}.xlsx", annex_a, layout, as_at)
    write_workbook(folder / f"Local lists {as_at}.xlsx", local, "plain", as_at)
