"""No id of a child, no pseudonym and no worker is in what is published or released, bytes and cells."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from cf_pipeline.cli.main import main
from cf_pipeline.warehouse import read_table, read_tables
from cf_pipeline.warehouse.tables.schemas import COMMITTEE, PUBLIC, PUBLISHED, RESTRICTED

WORKERS = ("Quentin Onymous", "Wilma Onymous")
HEADERS = "Child Unique ID,Gender,Date of Birth,Date of Referral,Allocated Team,Allocated Worker\n"


def deliver(project: Path) -> list[str]:
    """Referrals of twelve children, one a line, with teams and workers; returns the children's ids."""
    ids = [f"76543210{number}" for number in range(10, 22)]
    rows = [
        f"{child},F,2012-03-05,2019-{10 + n % 3}-0{1 + n % 9},Team {n % 2},{WORKERS[n % 2]}"
        for n, child in enumerate(ids)
    ]
    folder = project / "raw" / "hackney" / "2019-12-31"
    folder.mkdir(parents=True)
    (folder / "referrals.csv").write_text(HEADERS + "\n".join(rows) + "\n")
    return ids


def pseudonyms(project: Path) -> set[str]:
    """Every pseudonym of a person or worker that any table of the lake holds."""
    found: set[str] = set()
    for path in (project / "data" / "lake").rglob("*.parquet"):
        if not path.name.startswith("."):
            table = pd.read_parquet(path)
            names = [name for name in table.columns if "person_ref" in name or "worker" in name]
            found |= {str(cell) for name in names for cell in table[name].dropna()}
    return {cell for cell in found if len(cell) >= 16}


def test_published_bytes_and_cells_name_nobody(project: Path, capfd) -> None:
    ids = deliver(project)
    assert main(["run"]) == 0, capfd.readouterr()
    url = f"duckdb:///{project}/data/warehouse/published.duckdb"
    secrets = {*ids, *WORKERS, *pseudonyms(project)}
    assert len(secrets) >= 2 * len(ids) + 2 * len(WORKERS)
    tables = read_tables(url)
    cells = [table.to_csv() for table in tables.values()]
    cells += [read_table(url, view).to_csv() for view in PUBLISHED.views(PUBLISHED.tables)]
    for secret in secrets:
        assert not any(secret in text for text in cells)
    files = sorted((project / "data" / "warehouse").rglob("published.duckdb"))
    assert len(files) == 2  # the one that is shown, and its name as a version
    for file in files:
        content = file.read_bytes()
        assert not [secret for secret in secrets if secret.encode() in content]


def test_released_bytes_and_cells_name_nobody(project: Path, capfd) -> None:
    ids = deliver(project)
    assert main(["run"]) == 0, capfd.readouterr()
    assert main(["release"]) == 0, capfd.readouterr()
    url = f"duckdb:///{project}/data/warehouse/published.duckdb"
    secrets = {*ids, *WORKERS, *pseudonyms(project)}
    released = [read_table(url, name, schema=each) for each in (COMMITTEE, PUBLIC) for name in each.contracts]
    assert all(len(table.columns) for table in released)
    cells = [table.to_csv() for table in released]
    places = [
        project / "data/warehouse/released",
        project / "data/releases",
        project / "data/outputs/hackney/public",
    ]
    files = [path for place in places for path in place.rglob("*") if path.is_file()]
    assert len(files) >= 10
    names = [str(path.relative_to(project)) for path in files]
    for secret in secrets:
        assert not any(secret in text for text in [*cells, *names])
        assert not any(secret.encode() in path.read_bytes() for path in files)


def test_the_records_hold_what_is_looked_for(project: Path, capfd) -> None:
    ids = deliver(project)
    assert main(["run"]) == 0, capfd.readouterr()
    url = f"duckdb:///{project}/data/warehouse/published.duckdb"
    people = read_table(url, "person", schema=RESTRICTED)
    assert set(people["child_id"]) == set(ids)
    assert set(people["person_ref"]) <= pseudonyms(project)
