"""What may be shown of an authority: its own release, and no figure that is marked as hidden."""

from __future__ import annotations

import pandas as pd
import pytest

from cf_pipeline.outputs.public_release import PublicRelease, PublicReleaseError
from tests.support import public_example as example


def leak(**cells):
    """The tables where the row of a hidden percentage holds these cells."""
    tables = example.tables()
    figures = tables["fact_kpi_quarterly"].copy()
    row = figures.index[figures["symbol"].eq(example.SYMBOL) & figures["kpi_id"].eq(example.HIDDEN_KPI)][0]
    for name, cell in cells.items():
        figures.loc[row, name] = cell
    return tables | {"fact_kpi_quarterly": figures}


def test_a_hidden_row_that_holds_nothing_is_shown_and_its_whole_may_stay():
    release = PublicRelease(leak(denominator=9), example.CODE)
    assert example.HIDDEN_KPI in {kpi.kpi_id for kpi in release.kpis}


@pytest.mark.parametrize("cells", [{"value": 33.0}, {"numerator": 3, "denominator": 9}])
def test_a_hidden_row_with_the_figure_in_it_stops_everything(cells):
    with pytest.raises(PublicReleaseError, match=f"holds 1 figure marked as hidden.*{example.HIDDEN_KPI}"):
        PublicRelease(leak(**cells), example.CODE)


def test_a_hidden_count_may_not_stand_in_its_numerator():
    tables = example.tables()
    figures = tables["fact_kpi_quarterly"].copy()
    is_count = figures["symbol"].eq(example.SYMBOL) & figures["kpi_id"].eq("contacts_count")
    figures.loc[is_count, "numerator"] = 1
    with pytest.raises(PublicReleaseError, match="2 figures"):
        PublicRelease(tables | {"fact_kpi_quarterly": figures}, example.CODE)


def test_nothing_of_nothing_is_no_figure():
    PublicRelease(leak(numerator=0, denominator=0), example.CODE)


def test_no_release_is_one_sentence():
    tables = example.tables()
    with pytest.raises(PublicReleaseError, match=f"authority {example.CODE} has no release"):
        PublicRelease(tables | {"release": tables["release"].iloc[:0]}, example.CODE)


def test_rows_of_another_authority_are_not_shown():
    tables = example.tables()
    others = tables["fact_kpi_quarterly"].assign(authority_code="E09000002", kpi_id="cin_duration_bands")
    both = pd.concat([tables["fact_kpi_quarterly"], others], ignore_index=True)
    release = PublicRelease(tables | {"fact_kpi_quarterly": both}, example.CODE)
    assert set(release.figures["authority_code"]) == {example.CODE}
    assert "cin_duration_bands" not in {kpi.kpi_id for kpi in release.kpis}


def test_a_kpi_shown_by_its_year_is_told_from_those_of_quarters():
    assert PublicRelease(example.tables(), example.CODE).year_kpis == {example.YEAR_KPI}
