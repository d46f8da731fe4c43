"""The department's table of statistical neighbours: ten a row, by number or name, or refused by name."""

import csv
import io
from pathlib import Path

import pytest

from cf_pipeline.comparators.open_data import read_folder

NAMES = ["Camden", "Hammersmith and Fulham", "Kensington and Chelsea", "Southwark", "Lambeth"]
NUMBERS = ["206", "213", "825", "929.0", "908"]
CODES = [
    *("E09000007", "E09000013", "E09000020", "E09000028", "E09000022"),
    *("E09000019", "E09000033", "E10000002", "E06000057", "E06000052"),
]
HEADER = ["old_la_code", "la_name", "region_ind", "region_name"] + [
    name for rank in range(1, 11) for name in (f"SN_{rank}", f"SN_{rank}P")
]


def wide(number="201", name="City of London", neighbours=(*NAMES, *NUMBERS), closeness="Not Close"):
    return [number, name, "1", "Inner London", *(cell for each in neighbours for cell in (each, closeness))]


def read_neighbours(tmp_path: Path, *rows, header=HEADER, name="sn_model_2025_wide.csv"):
    folder = tmp_path / "_reference"
    folder.mkdir(exist_ok=True)
    text = io.StringIO()
    csv.writer(text).writerows([header, *rows])
    (folder / name).write_text(text.getvalue(), encoding="utf-8")
    return read_folder(folder)


def test_ten_neighbours_a_row_by_name_or_number(tmp_path):
    read = read_neighbours(tmp_path, wide())
    assert (read.refusals, read.notes, len(read.rows)) == ([], [], 0)
    rows = read.neighbours
    assert rows["authority_code"].unique().tolist() == ["E09000001"]
    assert rows["rank"].tolist() == list(range(1, 11))
    assert rows["neighbour_code"].tolist() == CODES
    assert set(rows["closeness"]) == {"Not close"}


@pytest.mark.parametrize(
    "row",
    [
        wide(number="928", name="Northamptonshire"),
        wide(neighbours=("Nowhere", *NAMES[1:], *NUMBERS)),
        wide(neighbours=("", *NAMES[1:], *NUMBERS)),
        wide(closeness="0.93"),
    ],
)
def test_a_neighbour_or_closeness_that_is_not_known_refuses_the_file_by_name(tmp_path, row):
    read = read_neighbours(tmp_path, row)
    assert read.neighbours.empty
    (refusal,) = read.refusals
    assert refusal.startswith("raw/_reference/sn_model_2025_wide.csv: ")
    assert "neighbours in it are no authority of today" in refusal


def test_a_renamed_column_refuses_the_file_and_names_it(tmp_path):
    header = ["SN_10_new" if name == "SN_10" else name for name in HEADER]
    (refusal,) = read_neighbours(tmp_path, wide(), header=header).refusals
    assert "without the column SN_10" in refusal


def test_of_two_tables_the_one_of_the_newer_year_is_used(tmp_path):
    read_neighbours(tmp_path, wide(neighbours=(*NAMES[::-1], *NUMBERS)), name="sn_model_2027_wide.csv")
    rows = read_neighbours(tmp_path, wide(), name="sn_model_2026_wide.csv").neighbours
    assert rows["neighbour_code"].iloc[0] == "E09000022"
    assert set(rows["file"]) == {"sn_model_2027_wide.csv"}
