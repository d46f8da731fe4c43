"""`cf-pipeline forecast`: read from the stored figures, nothing written."""

from pathlib import Path

import pandas as pd
import pytest

from cf_pipeline.cli.main import main
from cf_pipeline.contracts.dates.quarters import Quarter
from cf_pipeline.forecast.explain import format_figures
from cf_pipeline.kpi.definitions.registry import load_registry

KPI, SLUG = "contacts_count", "city-of-london"
TOPS = [20, 22, 24, 34] * 3 + [20, 22, 24]


def stored(folder: Path, slug: str = SLUG) -> None:
    """The figures of one authority as a run leaves them in the lake."""
    newest = Quarter(2019, 3)
    same = {"authority_code": "E09000001", "kpi_id": KPI, "breakdown": "total", "category": "all"}
    rows, months = [], []
    for position, top in enumerate(TOPS):
        quarter = newest.previous(len(TOPS) - 1 - position)
        so_far = sum(TOPS[position + 1 - quarter.number : position + 1])
        bases = {"quarter": top, "ytd": so_far} | ({"year": so_far} if quarter.number == 4 else {})
        for basis, number in bases.items():
            rows.append(
                {**same, "quarter_key": quarter.key, "basis": basis, "numerator": number, "value": number}
            )
        for place in range(3):
            month = pd.Period(quarter.start, freq="M") + place
            months.append(
                {**same, "month": str(month), "basis": "month", "numerator": (top + 2 - place) // 3}
            )
    for name, table in (("quarterly", rows), ("monthly", months)):
        target = folder / "kpi" / name
        target.mkdir(parents=True, exist_ok=True)
        frame = pd.DataFrame(table).assign(denominator=None, symbol=None)
        frame.astype({"numerator": "Float64", "denominator": "Float64", "symbol": "str"}).to_parquet(
            target / f"{slug}.parquet"
        )


@pytest.fixture
def lake(project: Path) -> Path:
    stored(project / "data" / "lake")
    return project


def files(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_it_shows_every_method_and_the_sentence_of_the_one_shown(lake, capsys):
    before = files(lake)
    assert main(["forecast", KPI]) == 0
    format_figures = capsys.readouterr().out
    assert "City of London" in format_figures
    for method in ("model", "pro_rata", "last_year_remainder", "latest_value"):
        assert method in format_figures
    assert "After three quarters the year is expected to end at 100" in format_figures
    assert files(lake) == before


@pytest.mark.parametrize("method", ["model", "pro_rata"])
def test_an_exceptional_quarter_is_told_whichever_method_is_shown(project, monkeypatch, capsys, method):
    monkeypatch.setenv("CF_AUTHORITY_CITY_OF_LONDON_FORECAST_SELECTED_METHOD", method)
    monkeypatch.setattr(f"{__name__}.TOPS", [*TOPS[:5], 90, *TOPS[6:]])
    stored(project / "data" / "lake")
    assert main(["forecast", KPI]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert said.count("2017/18 Q2, 90, counts as about 46.") == 1


def test_a_method_without_a_range_has_an_empty_one():
    kpi = load_registry()["contacts_1wd_pct"]
    texts = format_figures(pd.Series([89.4, None], dtype="Float64"), pd.Series([kpi.id] * 2), {kpi.id: kpi})
    assert texts.tolist() == ["89%", ""]


def test_a_quarter_that_is_set_is_taken_as_measured(lake, capsys):
    assert main(["forecast", KPI, "--set", "Q4=25", "--authority", SLUG]) == 0
    assert "The year has ended at 91." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["no_such_kpi"], "There is no KPI no_such_kpi"),
        ([KPI, "--authority", "camden"], "No figures of camden are stored; there are city-of-london"),
        ([KPI, "--set", "Q9=1"], "--set Q9=1: write a quarter and a count as Q4=25"),
    ],
)
def test_what_is_wrong_is_one_sentence(lake, capsys, arguments, said):
    assert main(["forecast", *arguments]) == 1
    error = capsys.readouterr().err
    assert said in error
    assert len(error.strip().splitlines()) == 1


def test_before_any_run_it_says_what_to_do(project, capsys):
    assert main(["forecast", KPI]) == 1
    assert "run `cf-pipeline run` first" in capsys.readouterr().err


def test_of_several_authorities_one_must_be_named(lake, capsys):
    stored(lake / "data" / "lake", "camden")
    assert main(["forecast", KPI]) == 1
    assert "--authority: camden, city-of-london" in capsys.readouterr().err


def test_a_damaged_table_is_named_in_one_sentence(lake, capsys):
    file = lake / "data" / "lake" / "kpi" / "monthly" / f"{SLUG}.parquet"
    file.write_bytes(b"PAR1")
    assert main(["forecast", KPI]) == 1
    said = capsys.readouterr().err
    assert said.startswith("cf-pipeline: The table kpi/monthly of the lake is damaged")
    assert said.count("\n") == 1


def test_a_table_that_was_never_made_is_named_in_one_sentence(lake, capsys):
    (lake / "data" / "lake" / "kpi" / "monthly" / f"{SLUG}.parquet").unlink()
    assert main(["forecast", KPI]) == 1
    assert "kpi/monthly of city-of-london has not been made yet" in capsys.readouterr().err
