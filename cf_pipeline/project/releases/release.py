"""Releases the published figures to a committee and to the public: suppressed, attacked, kept and shown.

Nothing is released by a run: people decide when. Both audiences get the same figures at once, because whoever
reads one can read the other. Authorities of which nothing is new keep their release.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial

import pandas as pd

from cf_pipeline import warehouse
from cf_pipeline.disclosure.attack import attack_publication
from cf_pipeline.disclosure.policy import (
    PUBLIC as FOR_PUBLIC,
)
from cf_pipeline.disclosure.policy import (
    Approval,
    AudiencePolicy,
    DisclosureError,
    LastRelease,
    audience_policy,
    product_policy,
)
from cf_pipeline.disclosure.releases import Release
from cf_pipeline.disclosure.suppress import Suppression, suppress_figures
from cf_pipeline.kpi.definitions.registry import load_registry
from cf_pipeline.project.input_hash import FIGURES, product_hash
from cf_pipeline.project.releases.archive import FOLDER, ReleaseArchive
from cf_pipeline.project.releases.audiences import AUDIENCES
from cf_pipeline.project.releases.released_tables import ReleaseFacts, authority_rows, common_tables
from cf_pipeline.warehouse.errors import KeptRowsError
from cf_pipeline.warehouse.load import SOURCES, AuthorityRows, Load, LoadedRows
from cf_pipeline.warehouse.tables.schemas import (
    RELEASED_DIMENSIONS,
    RELEASED_FACTS,
)

FACTS, QUARTERLY = (*RELEASED_FACTS, "fact_comparator"), "fact_kpi_quarterly"
PRODUCT = (*FIGURES, "disclosure", "warehouse")
"""The parts of the product that decide a release."""


def with_plain_numbers(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with numbers as disclosure control takes them: a missing one is nan."""
    return frame.astype(dict.fromkeys(frame.select_dtypes("Float64"), "float64"))


@dataclass(frozen=True)
class ReleasedAuthority:
    """A release of one authority to one audience, for whoever made it.

    `figures`, `hidden`: rows of the audience, and those with a symbol in the place of a hidden count.
    """

    slug: str
    audience: str
    number: int
    figures: int
    hidden: int
    note: str


@dataclass
class ReleaseMaker:
    """Makes the releases of a project. `approvals` are the approved lists by authority code."""

    url: str
    archive: ReleaseArchive
    approvals: Mapping[str, tuple[Approval, ...]]
    released_at: dt.datetime = field(default_factory=lambda: dt.datetime.now(dt.UTC))
    _made: dict[tuple[str, str], tuple[Suppression, AudiencePolicy]] = field(default_factory=dict)
    _written: dict[tuple[str, str], dict[str, pd.DataFrame]] = field(default_factory=dict)

    def release(self) -> list[ReleasedAuthority]:
        """Release what is new; returns each release that was made, none where nothing is new.

        Raises:
            DisclosureError: what would be shown is not safe, or an earlier release cannot be read.
            WarehouseError: nothing is published, or the database failed. Nothing was released then.
        """
        if self._authorities.empty:
            raise DisclosureError(
                "Nothing is published yet: run `cf-pipeline run` first; nothing was released."
            )
        self._check_archive()
        hashes = {code: self._sources_hash(code) for code in self._slugs}
        kept = [code for code in sorted(hashes) if self._is_released(code, hashes[code])]
        if len(kept) == len(hashes):
            return []
        try:
            self._publish(hashes, kept)
        except KeptRowsError:  # someone changed released rows, or another version of the database hashes them
            self._made.clear()
            self._written.clear()
            self._publish(hashes, [])
        return [self._summary(audience, code) for audience, code in self._made]

    def _publish(self, hashes: Mapping[str, str], old_codes: list[str]) -> None:
        loads = [self._load(audience, hashes, old_codes) for audience in AUDIENCES]
        warehouse.publish_schemas(self.url, loads, self._keep)

    def _load(self, audience: str, hashes: Mapping[str, str], old_codes: list[str]) -> Load:
        schema = AUDIENCES[audience]
        common = partial(common_tables, schema, dimensions=self._dimensions, publication=self._publication)
        return Load(
            schema,
            self._rows(audience, hashes, old_codes),
            common,
            old_codes,
            partial(self._attack, audience),
        )

    def _check_archive(self) -> None:
        """Refuse to go on where a release is shown that the archive does not have.

        Raises:
            DisclosureError: there is one.
        """
        for audience, schema in AUDIENCES.items():
            shown = warehouse.read_table(self.url, "release", schema=schema)
            for code, number in zip(shown["authority_code"], shown["release_no"], strict=True):
                slug = self._slugs.get(code)
                if slug is not None and number not in self.archive.numbers(audience, slug):
                    raise DisclosureError(
                        f"release {number} of {slug} to {audience} is shown, and the archive does not have "
                        f"it: bring {self.archive.data / FOLDER} back from a backup; nothing was released."
                    )

    @cached_property
    def _dimensions(self) -> dict[str, pd.DataFrame]:
        """The tables of `published_v1` of all authorities."""
        names = ("publication", "dim_authority", *RELEASED_DIMENSIONS)
        return warehouse.read_tables(self.url, {name: {} for name in names})

    @cached_property
    def _authorities(self) -> pd.DataFrame:
        rows = self._dimensions["dim_authority"]
        return rows[rows["has_figures"].fillna(True) & rows["latest_quarter_key"].notna()]

    @property
    def _slugs(self) -> dict[str, str]:
        return dict(zip(self._authorities["authority_code"], self._authorities["slug"], strict=True))

    @cached_property
    def _publication(self) -> pd.DataFrame:
        """The row of `publication`: that of the figures, under a number of its own."""
        shown = [warehouse.read_table(self.url, "publication", schema=each) for each in AUDIENCES.values()]
        numbers = [int(number) for frame in shown for number in frame["version"]]
        return self._dimensions["publication"].assign(
            version=max(numbers, default=0) + 1, published_at=pd.Timestamp(self.released_at).tz_localize(None)
        )

    def _policy(self, audience: str, code: str) -> AudiencePolicy:
        """The policy in force for an authority and audience."""
        policies, slug = product_policy(), self._slugs[code]
        numbers = self.archive.numbers(audience, slug)
        last = (
            LastRelease(self.archive.read_record(audience, slug, numbers[-1])["threshold"])
            if numbers
            else None
        )
        approvals = self.approvals.get(code, ())
        return audience_policy(policies[audience], approvals, load_registry(), last, policies[FOR_PUBLIC])

    def _sources_hash(self, code: str) -> str:
        """Over everything that decides the releases of an authority, but the earlier ones."""
        figures = self._authorities.set_index("authority_code").loc[code, "figures_hash"]
        policies = [self._policy(audience, code).policy_hash for audience in AUDIENCES]
        words = [str(figures), *policies, product_hash(*PRODUCT)]
        return hashlib.sha256("\n".join(words).encode()).hexdigest()

    def _is_released(self, code: str, sources_hash: str) -> bool:
        found = (warehouse.read_table(self.url, SOURCES, schema=schema) for schema in AUDIENCES.values())
        return all(
            sources_hash in set(rows.loc[rows["authority_code"].eq(code), "sources_hash"]) for rows in found
        )

    def _figures(self, code: str) -> dict[str, pd.DataFrame]:
        """The published tables of an authority, and the categories."""
        rows = warehouse.read_tables(self.url, {name: {"authority_code": code} for name in FACTS})
        plain = {name: with_plain_numbers(frame) for name, frame in rows.items()}
        return plain | {"dim_category": self._dimensions["dim_category"]}

    def _known(self, audience: str, code: str) -> list[Release]:
        """What anybody can read beside a release: earlier ones, and the other audience's once it is made."""
        slug = self._slugs[code]
        found = [release for each in AUDIENCES for release in self.archive.releases(each, slug)]
        return found + [
            self._release(each, code) for each in AUDIENCES if (each, code) in self._made and each != audience
        ]

    def _release(self, audience: str, code: str) -> Release:
        suppression, policy = self._made[audience, code]
        quarterly = self._figures(code)[QUARTERLY]
        figures = quarterly[quarterly["breakdown"].isin(policy.breakdowns)]
        return Release(f"{audience} today", suppression.tables[QUARTERLY], figures)

    def _rows(
        self, audience: str, hashes: Mapping[str, str], old_codes: list[str]
    ) -> Iterator[AuthorityRows]:
        """The rows of every authority that is released anew."""
        for code, slug in self._slugs.items():
            if code in old_codes:
                continue
            policy = self._policy(audience, code)
            known = self._known(audience, code)
            suppression = suppress_figures(self._figures(code), policy, load_registry(), known)
            self._made[audience, code] = suppression, policy
            row = self._authorities[self._authorities["authority_code"].eq(code)]
            number = max(self.archive.numbers(audience, slug), default=0) + 1
            facts = ReleaseFacts(audience, number, self.released_at, row, self._dimensions["publication"])
            tables = authority_rows(AUDIENCES[audience], facts, suppression, policy)
            yield AuthorityRows(code, tables, hashes[code])

    def _attack(self, audience: str, rows: LoadedRows) -> None:
        """Attack every new release as it was written."""
        for made, code in list(self._made):
            if made != audience:
                continue
            written = {name: with_plain_numbers(rows.read(name, code)) for name in RELEASED_FACTS}
            self._written[audience, code] = written
            self._attack_written(audience, code)

    def _attack_written(self, audience: str, code: str) -> None:
        policy, known = self._made[audience, code][1], self._known(audience, code)
        written = self._written[audience, code]
        attack_publication(written, self._figures(code), policy, load_registry(), known)

    def _keep(self) -> None:
        """Keep every new release for good, when all withstood the attack and before anybody reads one.

        The committee's was attacked before the public's was made: whoever reads both is tried now. The
        public's was attacked beside the committee's.
        """
        now = warehouse.read_table(self.url, "publication")
        if not now.equals(self._dimensions["publication"]):
            raise DisclosureError(
                "A run published other figures meanwhile: release again; nothing was released."
            )
        *earlier, _ = AUDIENCES
        for audience, code in self._written:
            if audience in earlier:
                self._attack_written(audience, code)
        for audience, code in self._made:
            policy = self._made[audience, code][1]
            record = {
                "threshold": policy.threshold,
                "policy_hash": policy.policy_hash,
                "figures_version": int(now["version"].item()),
                "released_at": self.released_at.isoformat(timespec="seconds"),
            }
            self.archive.add(audience, self._slugs[code], self._release(audience, code), record)

    def _summary(self, audience: str, code: str) -> ReleasedAuthority:
        suppression, policy = self._made[audience, code]
        rows, slug = suppression.tables[QUARTERLY], self._slugs[code]
        hidden = int(rows["symbol"].eq(policy.symbol).fillna(False).sum())
        number = max(self.archive.numbers(audience, slug))
        return ReleasedAuthority(slug, audience, number, len(rows), hidden, policy.note)
