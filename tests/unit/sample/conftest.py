from __future__ import annotations

import pytest
from recount import History

from cf_pipeline.sample import delivered


@pytest.fixture(scope="session")
def paper_deliveries():
    return delivered()


@pytest.fixture(scope="session")
def paper(paper_deliveries) -> History:
    return History(paper_deliveries)
