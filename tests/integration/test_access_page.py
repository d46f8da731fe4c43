"""docs/access.md, step by step: its statements and commands are run as they are written there."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import psycopg

from cf_pipeline.cli.main import main
from tests.support.postgresql import drop_schemas

PAGE = Path(__file__).parents[2] / "docs" / "access.md"
BLOCK = re.compile(r"^ {3}```(sql|sh)\n(.*?)^ {3}```$", re.MULTILINE | re.DOTALL)
LOGINS = ("pipeline", "analyst", "anna")
ROWS = (
    "Child Unique ID,Gender,Date of Birth,Date of Referral,Allocated Team,Allocated Worker\n"
    "71001,M,2010-05-01,2019-10-02,Team A,Ann Onymous\n"
    "71002,F,2012-03-05,2019-11-20,Team A,Ann Onymous\n"
    "71003,F,2008-12-31,2019-12-30,Team B,Ben Onymous\n"
)


def test_the_page_is_right_as_it_is_written(postgres, postgres_url, project, monkeypatch, capfd):
    delivery = project / "raw" / "city-of-london" / "2019-12-31"
    delivery.mkdir(parents=True)
    (delivery / "referrals.csv").write_text(ROWS)
    text = PAGE.read_text(encoding="utf-8")
    steps = BLOCK.findall(text[: text.index("## Who sees which team")])
    assert len(steps) == 6
    monkeypatch.setenv("CF_WAREHOUSE_URL", postgres_url)
    found = []
    with psycopg.connect(postgres, autocommit=True) as connection:
        for login in LOGINS:
            connection.execute(f"DROP ROLE IF EXISTS {login}")
        for kind, lines in steps:
            for line in map(str.strip, lines.splitlines()):
                if kind == "sql":
                    cursor = connection.execute(line.rstrip(";"))
                    found += cursor.fetchall() if cursor.description else []
                    if line.startswith("GRANT cf_writer"):
                        address = postgres_url.replace("postgres:@", "pipeline:@").replace(
                            "postgres@", "pipeline@"
                        )
                        assert address != postgres_url
                        monkeypatch.setenv("CF_WAREHOUSE_URL", address)
                else:
                    program, *words = shlex.split(line)
                    assert program == ".venv/bin/cf-pipeline"
                    assert main(words) in (0, 2), capfd.readouterr()
        assert found == [("Team A",)]
        said = capfd.readouterr().out
        assert "anna: city-of-london: Team A" in said
        assert "Nobody sees of city-of-london:" in said
        connection.execute("SET ROLE analyst")
        assert connection.execute("SELECT count(*) > 0 FROM published_v1.v_kpi_headline").fetchone() == (
            True,
        )
        connection.execute("RESET ROLE")
        drop_schemas(postgres)
        for login in LOGINS:
            connection.execute(f"DROP OWNED BY {login}; DROP ROLE {login}")
