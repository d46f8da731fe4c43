import pytest

from cf_pipeline.outputs.charts.parts.palette import AREAS, LINES, PAPER, STEPS, TEXTS, contrast


def test_contrast_is_that_of_wcag():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#12436D", "#FFFFFF") == pytest.approx(10.25, abs=0.01)
    assert contrast("#767676", "#FFFFFF") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("text", TEXTS)
def test_words_can_be_read_on_paper(text):
    assert contrast(text, PAPER) >= 4.5


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("ground", [PAPER, *AREAS])
def test_lines_can_be_seen_on_paper_and_on_each_area(line, ground):
    assert contrast(line, ground) >= 3


@pytest.mark.parametrize("step", STEPS)
def test_parts_of_a_stack_stand_out_from_the_white_lines_between_them(step):
    assert contrast(step, PAPER) >= 3
