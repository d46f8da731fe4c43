"""The gate: what it stops, in one sentence without a number."""

import re

import pandas as pd
import pytest

from cf_pipeline.disclosure.attack import attack_inputs_hash, attack_publication
from cf_pipeline.disclosure.policy import DisclosureError
from cf_pipeline.disclosure.suppress import suppress_figures
from tests.support.disclosure_figures import figures, kpi_rows, public, registry

TABLE, Q1 = "fact_kpi_quarterly", "2018/19 Q1"
KPIS = registry("referrals_count", "rereferrals_12m_pct", "adopt_a2_days", "referrals_rate_10k")
GIVEN = figures(kpi_rows("referrals_count", Q1, {"all": 23, "F": 3, "M": 20}))


def publication(tables=GIVEN) -> dict[str, pd.DataFrame]:
    return dict(suppress_figures(tables, public(), KPIS).tables)


def change(tables: dict[str, pd.DataFrame], category: str, **values) -> dict[str, pd.DataFrame]:
    rows = tables[TABLE].copy()
    for column, value in values.items():
        rows.loc[rows["category"].eq(category), column] = value
    return tables | {TABLE: rows}


def attack(tables: dict[str, pd.DataFrame], given=GIVEN) -> None:
    attack_publication(tables, given, public(), KPIS)


def test_a_safe_publication_passes_with_a_record() -> None:
    record = attack_publication(publication(), GIVEN, public(), KPIS)
    assert (record.cells, record.hidden_cells) == (3, 2)
    assert record.policy_hash == public().policy_hash


def test_a_hidden_count_that_can_be_worked_out_is_named_without_its_number() -> None:
    leaking = change(publication(), "M", numerator=20.0, value=20.0, symbol=None)
    with pytest.raises(DisclosureError) as caught:
        attack(leaking)
    assert str(caught.value) == (
        "A hidden count can be worked out from what members_public would read: referrals_count, "
        "quarter 2018/19 Q1, gender F; nothing is published."
    )


def test_a_small_count_that_is_shown_is_named() -> None:
    with pytest.raises(DisclosureError, match="A small count is shown to members_public: referrals_count"):
        attack(dict(GIVEN))


def test_a_value_beside_its_symbol_is_named() -> None:
    with pytest.raises(
        DisclosureError, match="A value stands beside its symbol: referrals_count, 2018/19 Q1, gender F"
    ):
        attack(change(publication(), "F", value=3.0))


def test_a_count_that_is_not_the_figure_is_named() -> None:
    with pytest.raises(
        DisclosureError, match="is not the figure itself: referrals_count, quarter 2018/19 Q1, total all"
    ):
        attack(change(publication(), "all", numerator=24.0))


def test_a_zero_hidden_beside_what_is_shown_is_named() -> None:
    given = figures(kpi_rows("referrals_count", Q1, {"all": 23, "F": 0, "M": 23}))
    with pytest.raises(DisclosureError, match=r"A zero is hidden beside .*: referrals_count, .* gender F"):
        attack(change(publication(given), "F", numerator=None, value=None, symbol="c"), given)


def test_a_table_the_policy_does_not_name_is_stopped() -> None:
    with pytest.raises(DisclosureError, match="does not show the table fact_kpi_by_team"):
        attack(publication() | {"fact_kpi_by_team": pd.DataFrame({"team": ["North"]})})


def test_an_average_beside_a_hidden_one_is_stopped() -> None:
    given = figures(kpi_rows("adopt_a2_days", Q1, {"all": (150, 20), "F": (170, 4), "M": (145, 16)}))
    leaking = change(publication(given), "M", value=145.0, symbol=None)
    with pytest.raises(DisclosureError, match="An average is shown beside a hidden one"):
        attack(leaking, given)


def test_a_forecast_from_a_hidden_total_is_stopped() -> None:
    given = figures(kpi_rows("referrals_count", Q1, {"all": 3}))
    forecast = pd.DataFrame(
        {"kpi_id": ["referrals_count"], "quarter_key": [Q1], "breakdown": ["total"], "forecast": [12]}
    )
    with pytest.raises(
        DisclosureError, match="fact_kpi_forecast has rows that were computed from hidden totals"
    ):
        attack(publication(given) | {"fact_kpi_forecast": forecast}, given)


def test_no_sentence_of_the_gate_holds_a_count() -> None:
    for tables in (dict(GIVEN), change(publication(), "M", numerator=20.0, value=20.0, symbol=None)):
        with pytest.raises(DisclosureError) as caught:
            attack(tables)
        assert set(re.findall(r"\d+", str(caught.value))) == {"2018", "19", "1"}


def test_threshold_0_attacks_nothing() -> None:
    assert attack_publication(GIVEN, GIVEN, public(threshold=0), KPIS).cells == 0


def test_the_hash_of_the_inputs_is_of_their_content() -> None:
    tables = publication()
    mixed = {TABLE: tables[TABLE].iloc[::-1].assign(run_id="another")}
    assert attack_inputs_hash(mixed, GIVEN, public()) == attack_inputs_hash(tables, GIVEN, public())
    others = [
        attack_inputs_hash(change(tables, "all", numerator=24.0), GIVEN, public()),
        attack_inputs_hash(tables, GIVEN, public(threshold=4)),
        attack_inputs_hash(tables, figures(kpi_rows("referrals_count", Q1, {"all": 24})), public()),
    ]
    assert len({*others, attack_inputs_hash(tables, GIVEN, public())}) == 4
