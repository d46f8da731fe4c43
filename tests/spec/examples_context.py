"""What the other figures rest on: the population, and the rows that could not be used."""

from tests.spec.casebook import Delivery
from tests.spec.examples import Example, example

CONTACT = {"contact_date": "2019-11-01"}

EXAMPLES = [
    example(
        "pop_0_17",
        "the year that ends in March 2020 has the population of mid-2019",
        {"2019/20 Q3": 654, "2019/20 Q1": 654},
        {2018: 699, 2019: 654, 2020: 640},
        contacts=[],
    ),
    example("pop_0_17", "no estimate of that year", {"2019/20 Q3": "x"}, {2018: 699}, contacts=[]),
    Example(
        "dq_rejected_rows_pct",
        "rows set aside of the rows read, of the first delivery near the quarter's end",
        (
            Delivery("2019-10-30", {"contacts": [CONTACT] * 7, "referrals": []}, set_aside={"contacts": 3}),
            Delivery("2019-12-31", {"contacts": [CONTACT], "referrals": []}, set_aside={"referrals": 1}),
            Delivery("2020-01-02", {"contacts": []}, set_aside={"contacts": 5}),
        ),
        {"2019/20 Q2": (3, 10), "2019/20 Q3": (1, 2)},
    ),
    Example(
        "dq_rejected_rows_pct",
        "no delivery near the quarter's end",
        (Delivery("2020-02-01", {"contacts": [CONTACT]}),),
        {"2019/20 Q3": "x"},
    ),
]
