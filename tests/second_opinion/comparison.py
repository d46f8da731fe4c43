"""The product's figures and those of the second opinion of the same deliveries, side by side."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

import pandas as pd

from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.kpi.definitions.registry import POPULATION, load_registry
from cf_pipeline.kpi.measure.quarterly import measure_kpis
from tests.second_opinion.counting.deliveries import Delivery, Row
from tests.second_opinion.counting.figures import ANY_BAND, Figures, Key
from tests.second_opinion.counting.history import History
from tests.second_opinion.counting.measures import Figure
from tests.spec import casebook

TOLERANCE = 1e-9


class Difference(NamedTuple):
    """One cell on which the two do not agree; a side is None where it has no such cell."""

    key: Key
    product: Figure | None
    naive: Figure | None


def as_cleaned(delivery: Delivery) -> casebook.Delivery:
    """A delivery as the product's clean step would hand it on."""
    lists = {name: [_as_text(row) for row in rows] for name, rows in delivery.lists.items()}
    stated = None if delivery.stated_from is None else delivery.stated_from.isoformat()
    return casebook.Delivery(delivery.as_at.isoformat(), lists, stated, delivery.without, delivery.set_aside)


def _as_text(row: Row) -> Row:
    return {name: value.isoformat() if isinstance(value, dt.date) else value for name, value in row.items()}


def product_facts(
    deliveries: Sequence[Delivery], names: Iterable[str], population: Mapping[int, int] | None = None
) -> pd.DataFrame:
    """The product's figures of some KPIs, from its merge to its measures."""
    tables = casebook.core(*(as_cleaned(delivery) for delivery in deliveries)).tables
    persons = pd.DataFrame(list((population or {}).items()), columns=["mid_year", "persons"], dtype="Int64")
    return facts_of(tables, names, persons)


def facts_of(tables: dict[str, pd.DataFrame], names: Iterable[str], persons: pd.DataFrame) -> pd.DataFrame:
    """The product's figures of some KPIs."""
    registry = load_registry()
    needed = {name: registry[name] for name in names}
    for side in [side for kpi in needed.values() for side in (kpi.numerator, kpi.denominator)]:
        if side is not None and side.within:
            needed[side.within] = registry[side.within]
    facts = measure_kpis(tables | {POPULATION: persons}, needed, casebook.AUTHORITY)
    return facts[facts["kpi_id"].isin(list(names))]


def delivered_rows(
    lists: Mapping[str, pd.DataFrame], quarantine: pd.DataFrame, manifest: pd.DataFrame
) -> list[Delivery]:
    """The deliveries of some files, as typed and coded rows of plain values."""
    found = []
    read = manifest[manifest["list"].notna()]
    for delivery_id, part in read.groupby("delivery_id"):
        rows = {}
        for name in sorted(set(part["list"])):
            frame = lists[name]
            columns = list_contracts()[name].column_names
            frame = frame.loc[frame["delivery_id"].eq(delivery_id), columns]
            moments = [column.name for column in list_contracts()[name].columns if column.type == "datetime"]
            rows[name] = [_plain(row, moments) for row in frame.to_dict("records")]
        stated = part["covers_from"].iloc[0]
        stated = None if pd.isna(stated) else stated.date()
        aside = quarantine.loc[quarantine["delivery_id"].eq(delivery_id), "list"].value_counts()
        as_at = part["as_at"].iloc[0].date()
        found.append(
            Delivery(as_at, rows, stated, set_aside={str(name): int(n) for name, n in aside.items()})
        )
    return found


def _plain(row: Row, moments: Sequence[str]) -> Row:
    """A row of plain values: a date, a moment where the column has a time, a text, a number or None."""
    found: Row = {}
    for name, value in row.items():
        found[name] = value.to_pydatetime() if name in moments and not pd.isna(value) else plain(value)
    return found


def plain(value: Any) -> Any:
    """A cell as a date, a text, a number or None."""
    if pd.isna(value):
        return None
    return value.date() if isinstance(value, pd.Timestamp) else value


def product_cells(facts: pd.DataFrame) -> dict[Key, Figure]:
    """The stored figures by where they stand."""
    found = {}
    for row in facts.to_dict("records"):
        symbol = None if pd.isna(row["symbol"]) else row["symbol"]
        category = ANY_BAND if row["breakdown"] == "band" and symbol else row["category"]
        key = Key(row["kpi_id"], row["quarter_key"], row["basis"], row["breakdown"], category)
        found[key] = Figure(*(_number(row[name]) for name in ("numerator", "denominator", "value")), symbol)
    return found


def _number(value: Any) -> Fraction | None:
    return None if pd.isna(value) else Fraction(float(value))


def naive_cells(
    deliveries: Sequence[Delivery], names: Iterable[str], population: Mapping[int, int] | None = None
) -> dict[Key, Figure]:
    """The naive figures of some KPIs, with the breakdowns the registry stores."""
    registry = load_registry()
    breakdowns = {name: tuple(registry[name].breakdowns) for name in names}
    return Figures(History(list(deliveries), population), breakdowns).every_cell()


def differences(product: Mapping[Key, Figure], naive: Mapping[Key, Figure]) -> list[Difference]:
    """Where they do not agree. A category of a breakdown in which nothing is counted need not be stored."""
    ours = {key: cell for key, cell in product.items() if not _is_nothing(key, cell)}
    theirs = {key: cell for key, cell in naive.items() if not _is_nothing(key, cell)}
    return [
        Difference(key, ours.get(key), theirs.get(key))
        for key in sorted({*ours, *theirs})
        if not _agree(ours.get(key), theirs.get(key))
    ]


def _is_nothing(key: Key, cell: Figure) -> bool:
    if key.breakdown == "total" or key.category == ANY_BAND:
        return False
    if key.breakdown == "band":
        return cell.numerator == 0
    return cell.numerator in (None, 0) and cell.denominator in (None, 0)


def _agree(one: Figure | None, other: Figure | None) -> bool:
    if one is None or other is None or one.symbol != other.symbol:
        return one is other
    return all(
        (mine is None) == (yours is None)
        and (mine is None or yours is None or abs(mine - yours) <= TOLERANCE * max(1, abs(yours)))
        for mine, yours in zip(one[:3], other[:3], strict=True)
    )
