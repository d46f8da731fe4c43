"""Zeros that only a number format displays are part of an id, in every workbook format alike."""

import openpyxl
import pytest

from cf_pipeline.clean import clean_lists
from cf_pipeline.ingest.files.formats.number_formats import pad_number
from cf_pipeline.ingest.files.formats.xls import unpack_rk
from cf_pipeline.ingest.receive import receive_deliveries
from tests.support import workbook_formats as formats
from tests.support.workbook_formats import Formatted
from tests.support.workbooks import AS_AT, AUTHORITY

HEADERS = ["Child Unique ID", "Date of Contact", "Contact Source", "Contact Team"]
PADDED = [
    Formatted(123, "00000000", "00000123"),
    Formatted(124, "00000000;;", "00000124"),
    Formatted(125, "[$-809]00000000", "00000125"),
    Formatted(126, "[Red]000000", "000126"),
    Formatted(127, "00000000;-00000000;0;@", "00000127"),
    Formatted(128, "[$-F400][Blue]00000000_)", "00000128"),
    Formatted(129, '"C"000000', "C000129"),
    Formatted(12345678, "0000", "12345678"),
]
NOT_WHOLE = Formatted(1234567890123456, "0", "1234567890123456")


def xlsx(rows):
    import io

    book, written = openpyxl.Workbook(), io.BytesIO()
    for number, row in enumerate(rows, start=1):
        for position, cell in enumerate(row, start=1):
            of_number = isinstance(cell, Formatted)
            book.active.cell(number, position, float(cell.number) if of_number else cell)
            if of_number:
                book.active.cell(number, position).number_format = cell.code
    book.save(written)
    return written.getvalue()


WRITTEN_AS = {".xls": formats.xls, ".xlsb": formats.xlsb, ".ods": formats.ods, ".xlsx": xlsx}


@pytest.fixture(params=sorted(WRITTEN_AS))
def cleaned(request, raw):
    def deliver(*ids):
        rows = [HEADERS, *([child, "05/11/2019", "Police", "MASH"] for child in ids)]
        path = raw / AUTHORITY / AS_AT / f"annex_a{request.param}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(WRITTEN_AS[request.param](rows))
        received = receive_deliveries(raw, AUTHORITY)
        assert received.refusals == []
        return clean_lists(received.lists, received.manifest, received.findings)

    return deliver


@pytest.mark.mess(37)
def test_an_id_is_what_its_format_displays_in_every_workbook_format(cleaned):
    result = cleaned(*PADDED)
    assert result.lists["contacts"]["child_id"].tolist() == [cell.shown for cell in PADDED]
    assert "id_padding_restored" in set(result.issues["rule"])


@pytest.mark.mess(37)
def test_a_number_of_more_than_fifteen_digits_has_lost_some_in_every_workbook_format(cleaned):
    result = cleaned(PADDED[0], NOT_WHOLE, "1234567890123456")
    assert result.quarantine[["excel_row", "rule"]].to_numpy().tolist() == [[3, "id_digits_lost"]]
    assert result.lists["contacts"]["child_id"].tolist() == ["00000123", "1234567890123456"]


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (123, "000000", "000123"),
        (123.0, "000000;-000000", "000123"),
        (123, "[$-809]000000;;", "000123"),
        (123, "[Red]000000", "000123"),
        (123, '"P"000000', "P000123"),
        (123, "\\P000000", "P000123"),
        (1234567, "000-0000", "123-4567"),
        (12345678, "000-0000", "1234-5678"),
        (1234567, "000000", None),
        (123, "0", None),
        (123, "General", None),
        (123, '00" days"', None),
        (123, "[>100]000000;0", None),
        (123, "#,##0", None),
        (123, "00.00", None),
        (1.5, "0000", None),
        (-1, "0000", None),
        (True, "0000", None),
        (43000, "dd/mm/yyyy", None),
        (10**15, "0" * 18, None),
    ],
)
def test_a_number_is_padded_as_its_format_shows_it(value, number_format, text):
    assert pad_number(value, number_format) == text


@pytest.mark.parametrize(
    ("packed", "number"),
    [(0x3FF00000, 1.0), (0x3FF00001, 0.01), ((123 << 2) | 2, 123.0), ((-5 << 2) & 0xFFFFFFFF | 2, -5.0)],
)
def test_a_packed_number_is_a_real_or_a_whole_one_perhaps_in_hundredths(packed, number):
    assert unpack_rk(packed) == number
