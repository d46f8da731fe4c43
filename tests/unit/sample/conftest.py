from __future__ import annotations

import pytest

from cf_pipeline.sample import delivered_lists
from tests.unit.sample.recount import History


@pytest.fixture(scope="session")
def paper_deliveries():
    return delivered_lists()


@pytest.fixture(scope="session")
def paper(paper_deliveries) -> History:
    return History(paper_deliveries)
