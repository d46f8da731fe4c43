"""A quarter is understood as people write it, where it says the financial year."""

import pytest

from cf_pipeline.contracts.dates.quarters import Quarter

WRITTEN = """2025/26 Q2; 2025-26 Q2; Q2 2025/26; 2025/2026 Q2; 2025/26Q2; 25/26 q2; Quarter 2, 2025-2026;
2025-26, Q2;
q2 2025\u201326; 2025/26 qtr 2; 2025/26:Q2"""
NOT_SAID = "Q3 2019; 2019 Q3; 2025/27 Q2; 2025/26; Q2; 2025/26 Q5; 2025/26 Q2 Q3; 2025/26 Q2 or so; "


@pytest.mark.parametrize("text", [text.strip() for text in WRITTEN.split(";")])
def test_a_quarter_is_understood_as_people_write_it(text):
    assert Quarter.read(text) == Quarter(2025, 2)


@pytest.mark.parametrize("text", NOT_SAID.split("; "))
def test_what_does_not_say_a_financial_year_is_no_quarter(text):
    with pytest.raises(ValueError, match="write it as 2019/20 Q3"):
        Quarter.read(text)
