"""The pictures of charts, drawn when first shown and kept in memory: most figures stay as they are."""

from __future__ import annotations

import threading
from collections import OrderedDict

from cf_pipeline.outputs.charts.chart import Chart
from cf_pipeline.results import Result

MOST_DRAWINGS = 400
"""Some eight megabytes."""


class KeptDrawings:
    """A store of results in memory; the drawing that was not asked for longest goes first."""

    def __init__(self, most: int = MOST_DRAWINGS) -> None:
        """`most`: how many drawings are kept."""
        self._most = most
        self._drawings: OrderedDict[str, Result] = OrderedDict()
        self._lock = threading.Lock()

    def draw(self, chart: Chart) -> str:
        """The chart as SVG; '' for one without a picture."""
        # The first chart loads what draws: the dashboard starts without it.
        from cf_pipeline.outputs.charts.drawing.picture import draw_svg  # noqa: PLC0415

        return draw_svg(chart, self)

    def find(self, key: str) -> Result | None:
        """See `ResultStore`."""
        with self._lock:
            found = self._drawings.get(key)
            if found is not None:
                self._drawings.move_to_end(key)
            return found

    def keep(self, key: str, result: Result) -> None:
        """See `ResultStore`."""
        with self._lock:
            self._drawings[key] = result
            while len(self._drawings) > self._most:
                self._drawings.popitem(last=False)
