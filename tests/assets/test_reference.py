"""raw/_reference/: what a council adds is used with what ships; a file of unknown shape is named."""

from __future__ import annotations

from pathlib import Path

import dagster as dg
import pandas as pd

from assets.checks import near_published_result
from assets.reference import EVERY_FILE_USED, reference
from cf_pipeline.compare.references import BEYOND_ROUNDING, WITHIN_ROUNDING
from cf_pipeline.project import lake_layout
from cf_pipeline.project.lake_reader import LakeReader
from resources.lake import Lake
from resources.settings import PipelineSettings

POPULATION = (
    "time_period,time_identifier,geographic_level,country_code,country_name,region_code,region_name,old_la_code,"
    "new_la_code,la_name,age_group,population_estimate\n"
    "2031,Reporting year,Local authority,E92000001,England,E12000007,London,202,E09000007,Camden,"
    "Children aged 0 to 17 years,45000\n"
)


def made(project: Path) -> tuple[dg.ExecuteInProcessResult, LakeReader]:
    settings = PipelineSettings(root=str(project))
    result = dg.materialize(
        [reference],
        instance=dg.DagsterInstance.ephemeral(),
        resources={"settings": settings, "lake": Lake(settings=settings)},
    )
    return result, LakeReader(settings.load())


def add(project: Path, name: str, text: str) -> None:
    folder = project / "raw" / "_reference"
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")


def test_a_fresh_clone_has_the_figures_that_ship(project: Path) -> None:
    result, lake = made(project)
    assert result.success
    assert [each.passed for each in result.get_asset_check_evaluations()] == [True]
    population = lake.read(lake_layout.POPULATION).set_index(["authority_code", "mid_year"])["persons"]
    assert population.loc[("E09000001", 2018)] == 668
    assert ("E09000007", 2031) not in population.index


def test_a_file_that_a_council_adds_is_used_and_one_of_unknown_shape_is_named(project: Path) -> None:
    add(project, "ons.csv", POPULATION)
    add(project, "pupils.csv", "school,pupils\nA,12\n")
    result, lake = made(project)
    assert result.success
    (check,) = result.get_asset_check_evaluations()
    assert (check.check_name, check.passed, check.blocking) == (EVERY_FILE_USED.name, False, False)
    assert str(check.description).startswith(
        "raw/_reference/pupils.csv: its columns are of no published table"
    )
    population = lake.read(lake_layout.POPULATION).set_index(["authority_code", "mid_year"])["persons"]
    assert population.loc[("E09000007", 2031)] == 45000
    assert lake.read(lake_layout.COMPARATORS).attrs["refusals"] == [check.description]


def test_what_is_left_out_of_a_file_is_kept_with_the_figures(project: Path) -> None:
    joint = POPULATION.replace("202,E09000007,Camden", "908,E06000052,Cornwall and Isles of Scilly")
    add(project, "ons.csv", POPULATION + joint.splitlines()[1] + "\n")
    result, lake = made(project)
    assert result.success
    (note,) = lake.read(lake_layout.COMPARATORS).attrs["notes"]
    assert note == (
        "ons.csv: figures of several authorities together, or of one that was divided or merged, are used "
        "for none of them: Cornwall / Isles of Scilly."
    )


def test_the_distance_from_the_authoritys_own_published_figures_is_a_warning() -> None:
    rows = [
        ("referrals_count", "own_published", 2019, 0.0, WITHIN_ROUNDING),
        ("referrals_count", "own_published", 2020, -3.0, BEYOND_ROUNDING),
    ]
    comparison = pd.DataFrame(rows, columns=["kpi_id", "against", "year_ending", "difference", "note"])
    result = near_published_result(comparison)
    assert (result.passed, result.severity) == (False, dg.AssetCheckSeverity.WARN)
    assert str(result.description).startswith("1 of 2 figures")
    assert "| referrals_count | 2020 | -3.0 | no |" in str(result.metadata["differences"].value)
    assert near_published_result(comparison.head(1)).passed
