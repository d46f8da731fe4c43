import pandas as pd

from cf_pipeline.dashboard.pages.figures.revisions import REVISION_COLUMNS, revision_cells
from tests.support.figure_visit import tables


def test_a_revision_tells_both_figures_their_deliveries_and_why():
    published = tables()
    row = next(published["kpi_revision"].itertuples(index=False))
    kpi = next(published["dim_kpi"].query("kpi_id == 'contacts_count'").itertuples(index=False))
    cells = revision_cells(row, kpi)
    assert len(cells) == len(REVISION_COLUMNS)
    assert [cell.text for cell in cells] == [
        "Q2 2019/20",
        "the quarter",
        "89",
        "30 September 2019",
        "90",
        "31 December 2019",
        "Late entry: 1.",
    ]
    gone = revision_cells(row._replace(to_value=pd.NA), kpi)
    assert (gone[4].text, gone[4].value) == ("not available", None)
