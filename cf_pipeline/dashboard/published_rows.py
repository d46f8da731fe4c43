"""The rows of the one publication that a page is of: a page never mixes two."""

from __future__ import annotations

from typing import Any

import pandas as pd

from cf_pipeline.dashboard.access.users import User
from cf_pipeline.dashboard.page import PageError
from cf_pipeline.dashboard.source import Publication, Rows, Source

AWAY = 503
PUBLICATION = "publication"


class ChangedError(Exception):
    """A publication came between two reads of one page."""


class PublishedRows:
    """Reads the warehouse for pages, and remembers which authorities the publication has."""

    def __init__(self, source: Source) -> None:
        """`source`: the warehouse."""
        self._source = source
        self._authorities: tuple[Publication | None, dict[str, Any]] = (None, {})

    def publication(self) -> Publication:
        """The publication that is shown now.

        Raises:
            PageError: there is none yet.
            SourceError: the warehouse is away or damaged.
        """
        found = self._source.publication()
        if found is None:
            raise PageError(
                AWAY,
                "Nothing is published yet",
                "There are no figures to show: `cf-pipeline run` makes and publishes them.",
            )
        return found

    def authorities(self, publication: Publication) -> dict[str, Any]:
        """The authorities with figures by the name of their folder, as rows of `dim_authority`, by name."""
        if self._authorities[0] != publication:
            found = self.read_figures({"dim_authority": {}}, publication)["dim_authority"]
            rows = found[found["has_figures"].eq(True).fillna(False)].sort_values("name")
            self._authorities = publication, {str(row.slug): row for row in rows.itertuples(index=False)}
        return self._authorities[1]

    def read_figures(self, rows: Rows, publication: Publication) -> dict[str, pd.DataFrame]:
        """Tables of `published_v1`; see `Source.read_figures`.

        Raises:
            ChangedError: they are of another publication by now.
        """
        return _of_publication(self._source.read_figures({**rows, PUBLICATION: {}}), rows, publication)

    def read_records(self, user: User, rows: Rows, publication: Publication) -> dict[str, pd.DataFrame]:
        """Tables of `restricted`; see `Source.read_records`. Errors as of `read_figures`."""
        return _of_publication(self._source.read_records(user, {**rows, PUBLICATION: {}}), rows, publication)


def _of_publication(
    tables: dict[str, pd.DataFrame], rows: Rows, publication: Publication
) -> dict[str, pd.DataFrame]:
    if tables[PUBLICATION]["version"].tolist() != [publication.version]:
        raise ChangedError
    return {name: frame for name, frame in tables.items() if name in rows}
