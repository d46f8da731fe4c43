"""Decide which texts of the council's own are published as categories: teams, organisations, services.

Such a column may hold a child's name (docs/rulings.md#31). A text is published when the council's mapping
names it, or when enough records of enough children have it. Every delivery counts, also what later ones
corrected: so a text once published stays, and the same deliveries give the same categories in whatever order
they came.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd

from cf_pipeline.contracts.list_contract import OTHER_TEXTS, ListContract
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.contracts.tables import table_contract
from cf_pipeline.history.merge.record_groups import first_positions, join_numbers
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
        rows_by_list: the delivered rows of each list with record_no and person_ref, of all deliveries.
        declared_texts: the texts that the council's mapping names.
    """
    columns = [
        (number, rows, column)
        for number, (name, rows) in enumerate(rows_by_list.items())
        if len(rows)
        for column in text_columns(list_contracts()[name])
    ]
    declared = pd.Series(sorted(declared_texts), dtype="str")
    cells = pd.concat([declared, *(rows[column].astype("str") for _, rows, column in columns)])
    text, texts = pd.factorize(cells, sort=True)
    rows_count, children_count = np.zeros((2, len(texts)), dtype="int64")
    if columns:
        of_list = np.repeat([number for number, *_ in columns], [len(rows) for _, rows, _ in columns])
        record = np.concatenate([rows["record_no"].to_numpy() for _, rows, _ in columns])
        child, _ = pd.factorize(pd.concat([rows["person_ref"] for _, rows, _ in columns]))
        has_text = np.flatnonzero(text[len(declared) :] >= 0)
        text = text[len(declared) :][has_text]
        is_first = first_positions(join_numbers(of_list[has_text], record[has_text], text))
        text, child = text[is_first], child[has_text][is_first]
        rows_count = np.bincount(text, minlength=len(texts))
        children_count = np.bincount(text[first_positions(join_numbers(child, text))], minlength=len(texts))
    is_declared = np.isin(np.asarray(texts, dtype=object), list(declared_texts))
    is_frequent = (rows_count >= FEWEST_ROWS) & (children_count >= FEWEST_CHILDREN)
    counted = {"category": texts, "rows": rows_count, "children": children_count}
    flags = {"is_declared": is_declared, "is_published": is_declared | is_frequent}
    return TEXT_CATEGORIES.cast(pd.DataFrame(counted | flags))


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
