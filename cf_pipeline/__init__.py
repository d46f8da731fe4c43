"""The domain: case-system spreadsheets to quarterly KPIs, forecasts and a committee report.

Pure functions over DataFrames. Nothing here imports Dagster, and importing this package
loads neither Dagster nor a database driver.
"""

import os

__version__ = "0.1.0"

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
"""Matrices are multiplied in one thread, which numpy reads when it is first imported.

Those of a forecast are small: a second thread only waits for the first, and its waiting took a third of the
processor time of all forecasts. Authorities are worked on at once by processes of their own (`run --jobs`).
"""
os.environ.setdefault("OMP_NUM_THREADS", "1")
"""Arrow reads and converts tables in one thread, a number that pyarrow reads when it is first imported.

Handing columns to a second thread takes a seventh of the processor time of reading the tables of a run.
"""
os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
"""Arrow takes its memory from the C library, which pyarrow reads when it is first imported.

Its own pool gives memory back to the machine and asks for it again at nearly every column of text.
"""
