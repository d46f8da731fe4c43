"""A run of the whole way in a project folder, and what it published, asked figure by figure."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest

from cf_pipeline import warehouse
from cf_pipeline.cli.main import main

REPOSITORY = Path(__file__).parents[2]
Q1, Q2, Q3 = "2019/20 Q1", "2019/20 Q2", "2019/20 Q3"
KEY = "a-key-for-tests-only-of-32-characters-or-more"


class Published:
    """What one run published, asked figure by figure."""

    def __init__(self, project: Path) -> None:
        url = f"duckdb:///{project}/data/warehouse/published.duckdb"
        self.project = project
        self.facts = warehouse.read_table(url, "fact_kpi_quarterly")
        self.forecasts = warehouse.read_table(url, "fact_kpi_forecast")
        self.headlines = warehouse.read_table(url, "fact_headline")
        self.figures_hash = str(warehouse.read_table(url, "publication")["figures_hash"].iloc[0])

    def value(self, kpi: str, quarter: str = Q3, basis: str = "quarter", category: str = "all") -> float:
        breakdown = "total" if category == "all" else "band"
        row = self.facts[
            self.facts["kpi_id"].eq(kpi)
            & self.facts["quarter_key"].eq(quarter)
            & self.facts["basis"].eq(basis)
            & self.facts["breakdown"].eq(breakdown)
            & self.facts["category"].eq(category)
        ]
        return float(row["value"].iloc[0])

    def shown(self, kpi: str, quarter: str = Q3, basis: str = "quarter", places: str = "1") -> Decimal:
        return Decimal(repr(self.value(kpi, quarter, basis))).quantize(Decimal(places), ROUND_HALF_UP)

    def forecast(self, kpi: str) -> float:
        rows = self.forecasts[
            self.forecasts["kpi_id"].eq(kpi)
            & self.forecasts["fiscal_year"].eq("2019/20")
            & self.forecasts["quarters_used"].eq(3)
            & self.forecasts["is_selected"].astype(bool)
            & self.forecasts["breakdown"].eq("total")
        ]
        assert len(rows) == 1
        return float(rows["forecast"].iloc[0])

    def said(self, area: str) -> str:
        rows = self.headlines[self.headlines["quarter_key"].eq(Q3) & self.headlines["area"].eq(area)]
        return " ".join(rows.sort_values("position")["text"]).replace("\n", " ")


def run_in(project: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    # The repository's own settings: the paper's forecasts are pro rata, the product's default is not.
    (project / "pipeline.toml").write_text((REPOSITORY / "pipeline.toml").read_text())
    monkeypatch.chdir(project)
    monkeypatch.setenv("CF_ID_KEY", KEY)
    return main(["run"])
