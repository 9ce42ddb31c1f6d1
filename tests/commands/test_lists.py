"""Orders, import and export as the operator runs them, with and without a running server."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.commands.exporting import neutralise
from tests.commands.served import Served, sangkat, served
from tests.makers import SANGKAT_4

_HEADS = "primary,secondary,nationality,born_on,document_number,unit,visa_class\n"


@pytest.fixture(scope="module", name="demo")
def open_demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("demo") / "register", "--demo", "tiny") as running:
        yield running


def _premises(demo: Served) -> str:
    access = json.loads((demo.data / "demo-access.json").read_text())
    (commune,) = [one for one in access["communes"] if one["place_id"] == SANGKAT_4]
    return commune["premises"][0]


def test_good_rows_are_taken_once_and_bad_ones_are_named(demo: Served, tmp_path: Path):
    file = tmp_path / "people.csv"
    file.write_text(
        _HEADS
        + "=TEST,PERSON,VNM,1990,X1234567,1,E\n"
        + "TEST,OTHER,ATLANTIS,1990,,2,E\n"
        + "TEST,THIRD,THA,,,3,\n"
    )
    command = ("import", file, "--premises", _premises(demo))
    first, second = sangkat(*command, data=demo.data), sangkat(*command, data=demo.data)
    for done in (first, second):
        assert done.returncode == 1
        assert "line 3" in done.stderr
        assert "/nationality" in done.stderr
        assert "2 of 3 rows taken" in done.stdout
    listed = sangkat("export", "--place", SANGKAT_4, data=demo.data)
    rows = list(csv.reader(listed.stdout.splitlines()))
    assert len([row for row in rows if "'=TEST" in row]) == 1
    assert "X1234567" not in listed.stdout


def test_columns_that_are_not_known_are_refused(demo: Served, tmp_path: Path):
    file = tmp_path / "people.csv"
    file.write_text("nationality,shoe_size\nVNM,41\n")
    done = sangkat("import", file, "--premises", _premises(demo), data=demo.data)
    assert (done.returncode, "shoe_size" in done.stderr) == (2, True)


def test_an_order_is_added_and_ended(demo: Served, tmp_path: Path):
    words = {"km": "TEST DATA", "en": "TEST DATA order", "zh": "TEST DATA"}
    file = tmp_path / "order.json"
    file.write_text(
        json.dumps(
            {
                "title": words,
                "legal_basis": words,
                "issued_on": "2026-01-01",
                "places": ["psh-p-preah-sihanouk"],
            }
        )
    )
    added = sangkat("order", "add", file, data=demo.data)
    assert added.returncode == 0, added.stderr
    order_id = added.stdout.strip()
    ended = sangkat("order", "end", order_id, "--on", "2026-02-01", data=demo.data)
    assert ended.returncode == 0, ended.stderr
    listed = sangkat("order", "list", data=demo.data).stdout
    assert any(order_id in line and "2026-02-01" in line for line in listed.splitlines())


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\tx", "\rx"])
def test_no_cell_is_a_formula(cell: str):
    assert neutralise(cell) == "'" + cell
