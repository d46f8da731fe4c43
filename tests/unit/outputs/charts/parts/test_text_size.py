from cf_pipeline.outputs.charts.parts.text_size import FONT, text_width, wrap_text


def test_the_font_list_ends_with_a_generic_family():
    assert FONT.rsplit(", ", maxsplit=1)[-1] == "sans-serif"


def test_wider_letters_and_bold_ones_take_more_room():
    assert text_width("iii") < text_width("MMM") < text_width("MMM", is_bold=True)


def test_a_character_without_a_known_width_is_taken_as_wide():
    assert text_width("\N{CJK UNIFIED IDEOGRAPH-5B69}") >= text_width("W")


def test_lines_keep_within_the_width_and_lose_no_word():
    words = "Open children in need cases of six months or less"
    lines = wrap_text(words, 120)
    assert " ".join(lines) == words
    assert len(lines) > 1 and all(text_width(line) <= 120 for line in lines)


def test_a_word_wider_than_the_line_has_a_line_of_its_own():
    assert wrap_text("an accommodation-and-placement-service", 60) == [
        "an",
        "accommodation-and-placement-service",
    ]
