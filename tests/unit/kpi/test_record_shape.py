"""An entry of a registry file that is missing or of a wrong type is named with what it must be."""

from __future__ import annotations

from pathlib import Path

import pytest
from made_up_records import COUNT, MEDIAN, SHARE, SPLIT, wrong

from cf_pipeline.cli import sentence
from cf_pipeline.kpi.record_shape import BAND, OTHER_SIDES, OWN_SIDE, RECORD
from cf_pipeline.kpi.registry import Kpi, RegistryError, build_registry, read_records
from cf_pipeline.kpi.sides import Band, Side


@pytest.mark.parametrize(
    ("record", "said"),
    [
        *(
            (wrong(COUNT, **{name: None}), f": {name} is missing; add it as ")
            for name in RECORD.required
            if name != "area"
        ),
        *((wrong(COUNT, **{name: 3}), f": {name} is not ") for name in RECORD.required if name != "area"),
        (wrong(COUNT, id=None), "KPI number 1 of area Contacts and Referrals: id is missing"),
        (wrong(COUNT, title=" "), "title is not text in quotation marks; make it text"),
        (wrong(COUNT, decimals="x"), "decimals is not a whole number, 0 or more"),
        (wrong(COUNT, decimals=-1), "decimals is not a whole number, 0 or more"),
        (wrong(COUNT, decimals=True), "decimals is not a whole number, 0 or more"),
        (wrong(COUNT, breakdowns="gender"), "breakdowns is not a list of texts in quotation marks"),
        (wrong(COUNT, numerator__table=None), "numerator.table is missing"),
        (wrong(COUNT, numerator={}), "numerator.table is missing"),
        (wrong(COUNT, numerator__where=[3]), "numerator.where is not a list of texts"),
        (wrong(COUNT, numerator__where="gender in (F)"), "numerator.where is not a list of texts"),
        (wrong(COUNT, numerator__date=["x"]), "numerator.date is not text in quotation marks"),
        (wrong(COUNT, numerator__open=["contact_date"]), "numerator.open is not a list of two columns"),
        (
            wrong(COUNT, numerator__overlaps=["a", "b", "c"]),
            "numerator.overlaps is not a list of two columns",
        ),
        (wrong(COUNT, numerator__months=-3), "numerator.months is not a whole number, 1 or more"),
        (wrong(COUNT, numerator__months="x"), "numerator.months is not a whole number, 1 or more"),
        (wrong(COUNT, numerator__state="yes"), "numerator.state is not true or false"),
        (wrong(COUNT, numerator__fallback="x"), "numerator.fallback is not a table"),
        (wrong(COUNT, numerator__fallback={"table": 3}), "numerator.fallback.table is not text"),
        (wrong(COUNT, numerator={"union": ["x"]}), "numerator.union is not a list of tables"),
        (wrong(COUNT, numerator={"union": [{"table": 3}]}), "numerator.union.table is not text"),
        (wrong(COUNT, numerator={"kpi": 3}), "numerator.kpi is not text"),
        (wrong(SHARE, denominator__date=3), "denominator.date is not text"),
        (wrong(SHARE, numerator__of=3), "numerator.of is not text"),
        (wrong(SPLIT, band={"number": "age_reported", "upper": ["x"]}), "band.upper is not a list of whole"),
        (
            wrong(SPLIT, band={"number": "age_reported", "upper": [3], "lowest": "x"}),
            "band.lowest is not a whole",
        ),
        (wrong(MEDIAN, numerator__value=3), "numerator.value is not text"),
    ],
)
def test_an_entry_that_is_missing_or_of_a_wrong_type_is_named(record: dict, said: str) -> None:
    with pytest.raises(RegistryError) as error:
        build_registry([record])
    assert said in str(error.value)
    assert str(error.value).startswith(f"KPI {record.get('id', 'number 1')}")


@pytest.mark.parametrize(
    ("shapes", "kind", "made_by_reading"),
    [
        ([RECORD], Kpi, set()),
        ([BAND], Band, set()),
        ([OWN_SIDE, *OTHER_SIDES.values()], Side, {"base"}),
    ],
)
def test_every_field_of_what_is_read_has_its_entry(
    shapes: list, kind: type, made_by_reading: set[str]
) -> None:
    entries = {name for shape in shapes for name in (*shape.required, *shape.optional)}
    assert entries - {"kpi", "of"} == set(kind.__dataclass_fields__) - made_by_reading


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b'area = "Made up"\nkpi = [\n[[kpi]]', "KPI file 1_made_up.toml cannot be read: "),
        (b"area = 1 2", "line 1"),
        (b'area = "\xff"', "it is not UTF-8 text; correct the file."),
        (b"kpi = []", "KPI file 1_made_up.toml: area is missing; add it as text in quotation marks."),
        (b'area = "Made up"\n', "KPI file 1_made_up.toml: kpi is missing; add it as a list of tables."),
        (b'area = "Made up"\nkpi = [3]\n', "KPI file 1_made_up.toml: kpi is not a list of tables"),
        (b'area = "Made up"\nkpis = []\nkpi = []\n', "unknown entry kpis; did you mean kpi?"),
    ],
)
def test_a_registry_file_that_cannot_be_read_is_named(tmp_path: Path, text: bytes, said: str) -> None:
    (tmp_path / "1_made_up.toml").write_bytes(text)
    with pytest.raises(RegistryError, match=r"1_made_up\.toml") as error:
        read_records(tmp_path)
    assert said in str(error.value)


def test_a_wrong_record_is_told_by_the_command_line_as_it_is() -> None:
    with pytest.raises(RegistryError) as error:
        build_registry([wrong(COUNT, numerator__date="contact_dote")])
    assert sentence(error.value) == (
        "KPI made_up_count: table contacts has no column contact_dote; did you mean contact_date?"
    )
