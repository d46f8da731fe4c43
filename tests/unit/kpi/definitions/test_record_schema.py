"""An entry of a registry file that is missing or of a wrong type is named with what it must be."""

from __future__ import annotations

from pathlib import Path

import pytest

from cf_pipeline.cli.main import plain_sentence
from cf_pipeline.kpi.definitions.record_schema import BAND, OTHER_SIDES, OWN_SIDE, RECORD
from cf_pipeline.kpi.definitions.registry import Kpi, RegistryError, build_registry, read_records
from cf_pipeline.kpi.definitions.sides import Band, Side
from tests.unit.kpi.definitions.made_up_records import COUNT, MEDIAN, SHARE, SPLIT, wrong


@pytest.mark.parametrize(
    ("record", "said"),
    [
        *(
            (wrong(COUNT, **{name: None}), f": {name} is missing; add it as ")
            for name in RECORD.required
            if name != "area"
        ),
        *((wrong(COUNT, **{name: 3}), f": {name} must be ") for name in RECORD.required if name != "area"),
        (wrong(COUNT, id=None), "KPI number 1 of area Contacts and Referrals: id is missing"),
        (wrong(COUNT, title=" "), "title must be text in quotation marks."),
        (wrong(COUNT, decimals="x"), "decimals must be a whole number, 0 or more"),
        (wrong(COUNT, decimals=-1), "decimals must be a whole number, 0 or more"),
        (wrong(COUNT, decimals=True), "decimals must be a whole number, 0 or more"),
        (wrong(COUNT, breakdowns="gender"), "breakdowns must be a list of texts in quotation marks"),
        (wrong(COUNT, numerator__table=None), "numerator.table is missing"),
        (wrong(COUNT, numerator={}), "numerator.table is missing"),
        (wrong(COUNT, numerator__where=[3]), "numerator.where must be a list of texts"),
        (wrong(COUNT, numerator__where="gender in (F)"), "numerator.where must be a list of texts"),
        (wrong(COUNT, numerator__date=["x"]), "numerator.date must be text in quotation marks"),
        (wrong(COUNT, numerator__open=["contact_date"]), "numerator.open must be a list of two columns"),
        (
            wrong(COUNT, numerator__overlaps=["a", "b", "c"]),
            "numerator.overlaps must be a list of two columns",
        ),
        (wrong(COUNT, numerator__months=-3), "numerator.months must be a whole number, 1 or more"),
        (wrong(COUNT, numerator__months="x"), "numerator.months must be a whole number, 1 or more"),
        (wrong(COUNT, numerator__state="yes"), "numerator.state must be true or false"),
        (wrong(COUNT, numerator__fallback="x"), "numerator.fallback must be a table"),
        (wrong(COUNT, numerator__fallback={"table": 3}), "numerator.fallback.table must be text"),
        (wrong(COUNT, numerator={"union": ["x"]}), "numerator.union must be a list of tables"),
        (wrong(COUNT, numerator={"union": [{"table": 3}]}), "numerator.union.table must be text"),
        (wrong(COUNT, numerator={"kpi": 3}), "numerator.kpi must be text"),
        (wrong(SHARE, denominator__date=3), "denominator.date must be text"),
        (wrong(SHARE, numerator__of=3), "numerator.of must be text"),
        (wrong(SPLIT, band={"number": "age_reported", "upper": ["x"]}), "band.upper must be a list of whole"),
        (
            wrong(SPLIT, band={"number": "age_reported", "upper": [3], "lowest": "x"}),
            "band.lowest must be a whole",
        ),
        (wrong(MEDIAN, numerator__value=3), "numerator.value must be text"),
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
        ([OWN_SIDE, *OTHER_SIDES.values()], Side, {"base", "other_dates"}),
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
        (b'area = "Made up"\nkpi = [\n[[kpi]]', "KPI file made_up.toml cannot be read: "),
        (b"area = 1 2", "line 1"),
        (b'area = "\xff"', "it is not UTF-8 text; correct the file."),
        (b"kpi = []", "KPI file made_up.toml: area is missing; add it as text in quotation marks."),
        (
            b'area = "Made up"\nkpi = []',
            "KPI file made_up.toml: position is missing; add it as a whole number",
        ),
        (b'area = "Made up"\nposition = 0\nkpi = []', "position must be a whole number, 1 or more."),
        (
            b'area = "Made up"\nposition = 1\n',
            "KPI file made_up.toml: kpi is missing; add it as a list of tables.",
        ),
        (
            b'area = "Made up"\nposition = 1\nkpi = [3]\n',
            "KPI file made_up.toml: kpi must be a list of tables",
        ),
        (b'area = "Made up"\nposition = 1\nkpis = []\nkpi = []\n', "unknown entry kpis; did you mean kpi?"),
    ],
)
def test_a_registry_file_that_cannot_be_read_is_named(tmp_path: Path, text: bytes, said: str) -> None:
    (tmp_path / "made_up.toml").write_bytes(text)
    with pytest.raises(RegistryError, match=r"made_up\.toml") as error:
        read_records(tmp_path)
    assert said in str(error.value)


def test_files_are_read_in_the_order_of_their_positions(tmp_path: Path) -> None:
    for name, position in (("plans", 2), ("adoption", 3), ("visits", 1)):
        text = f'area = "Made up"\nposition = {position}\nkpi = [{{ id = "{name}_count" }}]\n'
        (tmp_path / f"{name}.toml").write_text(text)
    assert [record["id"] for record in read_records(tmp_path)] == [
        "visits_count",
        "plans_count",
        "adoption_count",
    ]


def test_two_files_of_one_position_are_named(tmp_path: Path) -> None:
    for name in ("adoption", "plans"):
        (tmp_path / f"{name}.toml").write_text('area = "Made up"\nposition = 1\nkpi = []\n')
    with pytest.raises(
        RegistryError, match=r"^KPI files adoption\.toml and plans\.toml have the same position"
    ):
        read_records(tmp_path)


def test_a_wrong_record_is_told_by_the_command_line_as_it_is() -> None:
    with pytest.raises(RegistryError) as error:
        build_registry([wrong(COUNT, numerator__date="contact_dote")])
    assert plain_sentence(error.value) == (
        "KPI made_up_count: table contacts has no column contact_dote; did you mean contact_date?"
    )
