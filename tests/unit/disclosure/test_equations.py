"""The relations of a publication: which are written, and which are left out because they are false."""

from cf_pipeline.disclosure.cells import read_counts
from cf_pipeline.disclosure.equations import State, build_system
from cf_pipeline.disclosure.sides import count_sides
from tests.support.disclosure_figures import figures, kpi_rows, registry

SIDES = count_sides(
    registry("referrals_count", "rereferrals_12m_pct", "referrals_children_count", "cla_stock")
)


def state(*rows, name: str = "") -> State:
    counts = read_counts(figures(*rows)["fact_kpi_quarterly"], SIDES, "c")
    return State(name, counts, counts.counts)


def relations(*states: State) -> set[tuple]:
    """Each relation as the counts of its cells by factor, and its bounds."""
    system, _ = build_system(states, SIDES)
    assert all(system.is_true(relation) for relation in system.relations)
    return {
        (
            frozenset(
                (system.cells[number][:1] + system.cells[number][2:], factor) for number, factor in terms
            ),
            lower,
            upper,
        )
        for terms, lower, upper in system.relations
    }


def bounds(*states: State) -> list[tuple]:
    return sorted((len(terms), lower, upper) for terms, lower, upper in relations(*states))


def test_categories_add_up_to_their_total() -> None:
    assert bounds(state(kpi_rows("referrals_count", "2018/19 Q1", {"all": 9, "F": 4, "M": 5}))) == [(3, 0, 0)]


def test_categories_that_leave_some_out_are_at_most_their_total() -> None:
    assert bounds(state(kpi_rows("referrals_count", "2018/19 Q1", {"all": 9, "F": 4, "M": 3}))) == [
        (3, 0, None)
    ]


def test_categories_above_their_total_say_nothing() -> None:
    assert bounds(state(kpi_rows("referrals_count", "2018/19 Q1", {"all": 9, "F": 6, "M": 5}))) == []


def test_the_quarters_of_records_add_up_to_the_year() -> None:
    quarters = [kpi_rows("referrals_count", f"2018/19 Q{number}", {"all": number}) for number in range(1, 5)]
    year = kpi_rows("referrals_count", "2018/19 Q4", {"all": 10}, "year")
    system, _ = build_system([state(*quarters, year)], SIDES)
    assert [(len(relation.terms), relation.is_equation) for relation in system.relations] == [(5, True)]


def test_the_year_of_children_is_between_its_quarters_and_their_sum() -> None:
    quarters = [kpi_rows("referrals_children_count", f"2018/19 Q{n}", {"all": n}) for n in range(1, 5)]
    year = kpi_rows("referrals_children_count", "2018/19 Q4", {"all": 7}, "year")
    system, _ = build_system([state(*quarters, year)], SIDES)
    assert (
        sorted((len(terms), lower, upper is None) for terms, lower, upper in system.relations if lower == 0)
        == [(2, 0, True)] * 4
    )
    assert [(len(terms), upper) for terms, lower, upper in system.relations if lower is None] == [(5, 0)]


def test_a_stock_s_year_is_its_last_quarter() -> None:
    quarter = kpi_rows("cla_stock", "2018/19 Q4", {"all": 9})
    year = kpi_rows("cla_stock", "2018/19 Q4", {"all": 9}, "year")
    system, _ = build_system([state(quarter, year)], SIDES)
    assert len(system.cells) == 1


def test_part_and_rest_add_up_to_the_whole() -> None:
    rows = state(kpi_rows("rereferrals_12m_pct", "2018/19 Q1", {"all": (4, 20)}))
    system, _ = build_system([rows], SIDES)
    counts = dict(zip((cell.side for cell in system.cells), system.counts, strict=True))
    rest = "rest of rereferrals_12m_pct numerator in referrals_count numerator"
    assert counts == {"referrals_count numerator": 20, "rereferrals_12m_pct numerator": 4, rest: 16}
    assert [relation.is_equation for relation in system.relations] == [True]


def test_a_figure_that_was_not_revised_is_one_cell_in_every_release() -> None:
    now = state(kpi_rows("referrals_count", "2018/19 Q1", {"all": 9, "F": 4, "M": 5}))
    before = state(kpi_rows("referrals_count", "2018/19 Q1", {"all": 8, "F": 3, "M": 5}), name="first")
    system, numbers = build_system([now, before], SIDES)
    assert sorted((cell.category, cell.release) for cell in system.cells) == [
        ("F", ""),
        ("F", "first"),
        ("M", ""),
        ("all", ""),
        ("all", "first"),
    ]
    assert len(system.relations) == 2
    male = next(cell for cell in numbers[0] if cell.category == "M")
    assert numbers[0][male] == numbers[1][male]
