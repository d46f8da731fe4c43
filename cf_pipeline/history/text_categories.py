"""Decide which texts of the council's own are published as categories: teams, organisations, services.

Such a column may hold a child's name (docs/rulings.md#31). A text is published when the council's mapping
names it, or when enough records of enough children have it. Every delivery counts, also what later ones
corrected: so a text once published stays, and the same deliveries give the same categories in whatever order
they came.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import pandas as pd

from cf_pipeline.contracts.list_contract import OTHER_TEXTS, ListContract
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.contracts.tables import table_contract
from cf_pipeline.contracts.tables.no_rows import no_rows
from cf_pipeline.history.tables.core_tables import JOINED_TABLES, team_column

FEWEST_ROWS, FEWEST_CHILDREN = 10, 5
OWN_TEXT = "own_text."
"""Prefix of the column that keeps a record's own text beside the one that may say `other`."""
TEXT_CATEGORIES = table_contract("core/text_categories")


def text_columns(contract: ListContract) -> list[str]:
    """The columns of a list whose texts are categories."""
    return [column.name for column in contract.columns if column.is_category]


def find_text_categories(
    rows_by_list: Mapping[str, pd.DataFrame], declared_texts: Collection[str] = ()
) -> pd.DataFrame:
    """The texts of an authority and whether each is published. Columns of TEXT_CATEGORIES.

    Args:
        rows_by_list: the delivered rows of each list with record_key and person_ref, of all deliveries.
        declared_texts: the texts that the council's mapping names.
    """
    parts = [
        rows[["record_key", "person_ref"]].assign(list=name, category=rows[column].astype("str"))
        for name, rows in rows_by_list.items()
        if len(rows)
        for column in text_columns(list_contracts()[name])
    ]
    named = pd.DataFrame({"category": sorted(declared_texts)}, dtype="str")
    nothing = no_rows(dict.fromkeys(("record_key", "person_ref", "list", "category"), "str"))
    texts = pd.concat([nothing, *parts, named], ignore_index=True).dropna(subset=["category"])
    records = texts.drop_duplicates(["list", "record_key", "category"])
    counted = records.groupby("category").agg(
        rows=("record_key", "count"), children=("person_ref", "nunique")
    )
    is_frequent = counted["rows"].ge(FEWEST_ROWS) & counted["children"].ge(FEWEST_CHILDREN)
    is_declared = pd.Series(counted.index.isin(list(declared_texts)), index=counted.index)
    found = counted.assign(is_declared=is_declared, is_published=is_declared | is_frequent)
    return TEXT_CATEGORIES.cast(found.reset_index())


def replace_unpublished(texts: pd.Series, published_texts: Collection[str]) -> pd.Series:
    """The texts as categories, OTHER_TEXTS in place of each that is not published; blanks stay blank."""
    values = pd.Categorical(texts)
    names = pd.Index(
        [name if name in published_texts else OTHER_TEXTS for name in values.categories], dtype="str"
    )
    if not len(names) or names.equals(pd.Index(values.categories, dtype="str")):
        return texts
    codes, categories = pd.factorize(names, sort=True)
    of_rows = [-1, *codes]
    return pd.Series(
        pd.Categorical.from_codes(pd.array(of_rows).take(values.codes + 1), categories), index=texts.index
    )


def hide_rare_texts(tables: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """The core tables with `other` in place of each text that `text_categories` does not publish.

    Without that table no text is published. The text itself is kept in a column with the prefix OWN_TEXT.
    """
    texts = tables.get("text_categories")
    published = set() if texts is None else set(texts.loc[texts["is_published"].astype(bool), "category"])
    return tables | {
        name: tables[name].assign(
            **{column: replace_unpublished(tables[name][column], published) for column in columns},
            **{OWN_TEXT + column: tables[name][column] for column in columns},
        )
        for name, columns in _text_columns_by_table().items()
        if name in tables and columns
    }


def _text_columns_by_table() -> dict[str, list[str]]:
    of_lists = {name: text_columns(contract) for name, contract in list_contracts().items()}
    teams = {name: team_column(name) for name in JOINED_TABLES}
    return of_lists | {name: [column] for name, column in teams.items() if column is not None}
