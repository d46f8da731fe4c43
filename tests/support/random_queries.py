"""Random SELECT statements over the tables of `restricted`, with all that could lay a hidden row open."""

from __future__ import annotations

import random

from cf_pipeline.warehouse.tables.roles import RowRule, row_rule
from cf_pipeline.warehouse.tables.schemas import RESTRICTED

TEXT = ("string", "category")
NUMBERS = ("integer", "big_integer", "number")
TABLES = {
    name: contract
    for name, contract in RESTRICTED.contracts.items()
    if row_rule(name, contract.column_names) in (RowRule.TEAM, RowRule.CHILD)
}


def random_query(die: random.Random) -> str:
    """A SELECT: plain, joined, grouped, nested, with windows, unions, outer joins or functions that tell."""
    shape = die.choice(SHAPES)
    return shape(die)


def _table(die: random.Random) -> str:
    return die.choice(sorted(TABLES))


def _column(die: random.Random, table: str, types: tuple[str, ...] = ()) -> str:
    names = [column.name for column in TABLES[table].columns if not types or column.type in types]
    return f'"{die.choice(names)}"' if names else "'none'"


def _condition(die: random.Random, table: str, alias: str) -> str:
    column = f"{alias}.{_column(die, table, TEXT)}"
    letter, digit = die.choice("UVWXYZ"), die.randint(0, 9)
    return die.choice(
        [
            "true",
            f"{column} LIKE '%{letter}%'",
            f"{column} ~ '[{letter}{die.choice('UVWXYZ')}]+'",
            f"{column} IS NOT NULL OR pg_temp.spy({column})",
            f"pg_temp.spy({alias}::text)",
            f"pg_temp.spy({column}) AND {column} > '{letter}'",
            f"length({column}) > {digit} OR {alias} IS NOT NULL",
            f"{column}::int > {digit}",  # an error that quotes the text
            f"1 / (ascii({column}) - {ord(letter)}) < 100",
            f"{alias}.authority_code <> 'E09000001' OR true",
            f"{alias}.person_ref = ANY (SELECT person_ref FROM restricted.{_table(die)})",  # noqa: S608
            f"NOT EXISTS (SELECT FROM restricted.{_table(die)} z WHERE z.person_ref = {alias}.person_ref)",
        ]
    )


def _plain(die: random.Random) -> str:
    table = _table(die)
    what = die.choice(["*", "a", "a::text", f"a.{_column(die, table)}", "to_json(a)", "row_to_json(a)::text"])
    order = die.choice(["", f" ORDER BY {_column(die, table)} DESC LIMIT {die.randint(1, 30)}"])
    return f"SELECT {what} FROM restricted.{table} a WHERE {_condition(die, table, 'a')}{order}"  # noqa: S608


def _joined(die: random.Random) -> str:
    one, other = _table(die), _table(die)
    kind = die.choice(["JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN"])
    on = die.choice(["a.person_ref = b.person_ref", "a.authority_code = b.authority_code"])
    return (
        f"SELECT a.*, b.* FROM restricted.{one} a {kind} restricted.{other} b ON {on} "  # noqa: S608
        f"WHERE {_condition(die, one, 'a')}"
    )


def _grouped(die: random.Random) -> str:
    table = _table(die)
    key, cell = _column(die, table), _column(die, table)
    told = die.choice(["max", "min", "array_agg"])
    return (
        f"SELECT {key}::text, count(*), {told}({cell}::text) FROM restricted.{table} a "  # noqa: S608
        f"WHERE {_condition(die, table, 'a')} GROUP BY ROLLUP ({key})"
    )


def _windowed(die: random.Random) -> str:
    table = _table(die)
    key, cell = _column(die, table), _column(die, table)
    return (
        f"SELECT lag({cell}) OVER w, lead({cell}) OVER w, first_value(a::text) OVER w "  # noqa: S608
        f"FROM restricted.{table} a WINDOW w AS (ORDER BY {key})"
    )


def _nested(die: random.Random) -> str:
    table, inner = _table(die), _table(die)
    return (
        f"WITH c AS {die.choice(['', 'NOT '])}MATERIALIZED (SELECT * FROM restricted.{inner} b "  # noqa: S608
        f"WHERE {_condition(die, inner, 'b')}) "
        f"SELECT a.*, (SELECT string_agg(c::text, ';') FROM c) FROM restricted.{table} a, "
        f"LATERAL (SELECT max(c.person_ref) FROM c WHERE c.authority_code = a.authority_code) l"
    )


def _united(die: random.Random) -> str:
    tables = [_table(die) for _ in range(die.randint(2, 3))]
    words = die.choice([" UNION ALL ", " UNION ", " INTERSECT ", " EXCEPT "])
    return words.join(
        f"(SELECT person_ref, a::text FROM restricted.{table} a WHERE {_condition(die, table, 'a')})"  # noqa: S608
        for table in tables
    )


def _sampled(die: random.Random) -> str:
    table = _table(die)
    return die.choice(
        [
            f"SELECT * FROM restricted.{table} TABLESAMPLE BERNOULLI (90)",  # noqa: S608
            f"TABLE restricted.{table}",
            f"SELECT query_to_xml('SELECT * FROM restricted.{table}', true, true, '')::text",  # noqa: S608
            f"SELECT table_to_xml('restricted.{table}', true, true, '')::text",
            "SELECT schema_to_xml('restricted', true, true, '')::text",
            f"SELECT ctid::text, a.* FROM restricted.{table} a WHERE ctid = '(0,{die.randint(1, 18)})'",  # noqa: S608
            f"SELECT most_common_vals::text FROM pg_stats WHERE tablename = '{table}'",  # noqa: S608
            f"SELECT jsonb_agg(a)::text FROM restricted.{table} a",  # noqa: S608
        ]
    )


SHAPES = (_plain, _plain, _joined, _grouped, _windowed, _nested, _united, _sampled)
