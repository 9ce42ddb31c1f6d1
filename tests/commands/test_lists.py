"""Orders, import and export as the operator runs them, with and without a running server."""

import csv
import json
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from uuid import UUID

import pytest

from api.commands.columns import COLUMNS
from api.commands.exporting import neutralise
from api.commands.importing import read_rows
from api.ledger.committer import now_ms
from api.stays.records import Contract, Stay, Visa, Work, WorkPermit
from api.stays.rules import DISCLOSURES
from sync.instants import write_instant
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
    for said in ("2 of 3 rows taken\n", "0 of 3 rows taken; 2 are entered already"):
        done = sangkat(*command, data=demo.data)
        assert done.returncode == 1
        assert "line 3" in done.stderr
        assert "/nationality" in done.stderr
        assert said in done.stdout
    listed = export(demo)
    rows = list(csv.reader(listed.stdout.splitlines()))
    assert len([row for row in rows if "'=TEST" in row]) == 1
    assert "X1234567" not in listed.stdout


def test_the_id_of_an_imported_row_does_not_follow_from_what_it_says(demo: Served, tmp_path: Path):
    """Else whoever sees the masked row would try numbers until one gives the id."""
    file, premises_id = tmp_path / "people.csv", _premises(demo)
    file.write_text(_HEADS + "TEST,GUESSED,VNM,1990,X7654321,1,E\n")
    assert sangkat("import", file, "--premises", premises_id, data=demo.data).returncode == 0
    (row,) = read_rows(file, UUID(premises_id))
    with closing(sqlite3.connect(demo.data / "register.sqlite3")) as data:
        ids = {UUID(bytes=row[0]) for row in data.execute("SELECT id FROM entries")}
    assert UUID(row.stay["idempotency_key"]) not in ids


def test_who_is_entered_already_is_counted_apart(demo: Served, tmp_path: Path):
    file, premises_id = tmp_path / "people.csv", _premises(demo)
    file.write_text(_HEADS + "TEST,EARLIER,VNM,1990,,8,E\n")
    command = ("import", file, "--premises", premises_id)
    assert "1 of 1 rows taken\n" in sangkat(*command, data=demo.data).stdout
    file.write_text(file.read_text() + "TEST,LATER,VNM,1990,,8,E\n")
    for flags, taken in (["--dry-run"], "would be taken"), ([], "taken"):
        done = sangkat(*command, *flags, data=demo.data)
        assert done.returncode == 0, done.stderr
        assert f"1 of 2 rows {taken}; 1 are entered already" in done.stdout
    done = sangkat(*command, data=demo.data)
    assert (done.returncode, "0 of 2 rows taken; 2 are" in done.stdout) == (0, True)


def test_every_column_arrives_in_the_stay(demo: Served, tmp_path: Path):
    cells = {
        "primary": "TEST", "nationality": "VNM", "role": "works", "visa_entered_on": "2026-01-02",
        "employer": "=TEST Company", "employer_licence": "L1", "position": "cook",
        "contract_written": "yes", "contract_languages": "km; zh",
        "contract_starts_on": "2026-01-03",
        "contract_copy_held_by_worker": "no", "contract_ends_on": "open", "permit_state": "valid",
        "permit_year": "២០២៦", "permit_number": "P12345678", "phone": "+855 12 345 678",
        "contact_other": "TEST chat", "arranged_by": "TEST agent", "document_missing": "lost",
    }  # fmt: skip
    file = tmp_path / "people.csv"
    with file.open("w", newline="") as text:
        csv.writer(text).writerows([cells.keys(), cells.values()])
    done = sangkat("import", file, "--premises", _premises(demo), data=demo.data)
    assert done.returncode == 0, done.stderr
    with closing(sqlite3.connect(demo.data / "register.sqlite3")) as data:
        (body,) = data.execute(
            "SELECT bytes FROM payloads JOIN entries USING (log, id) ORDER BY pos DESC LIMIT 1"
        ).fetchone()
        disclosed = data.execute(
            "SELECT name, bytes FROM disclosures JOIN entries USING (log, id)"
            " WHERE pos = (SELECT MAX(pos) FROM entries)"
        ).fetchall()
    told = {name: json.loads(text)[1] for name, text in disclosed}
    stay = json.loads(body)["body"]
    assert stay["work"] == {
        "employer": "=TEST Company",
        "employer_licence": "L1",
        "position": "cook",
        "contract": {
            "written": "yes",
            "languages": ["km", "zh"],
            "copy_held_by_worker": "no",
            "starts_on": "2026-01-03",
            "ends_on": "open",
        },
        "permit": {"state": "valid", "year": 2026},
    }
    assert stay["visa"] == {"class": "unknown", "entered_on": "2026-01-02"}
    assert told["contact"] == {
        "phone": "+855 12 345 678",
        "other": "TEST chat",
        "arranged_by": "TEST agent",
    }
    assert told["document"]["permit_number"] == "P12345678"


@pytest.mark.parametrize("year", ["next", "9" * 30])
def test_a_year_that_is_none_is_named_with_its_line(demo: Served, tmp_path: Path, year: str):
    file = tmp_path / "people.csv"
    file.write_text(f"nationality,permit_year\nVNM,{year}\n")
    done = sangkat("import", file, "--premises", _premises(demo), data=demo.data)
    assert (done.returncode, "0 of 1 rows taken" in done.stdout) == (1, True)
    assert "line 2: schema (" in done.stderr
    assert "permit/year" in done.stderr


def test_every_field_of_a_stay_has_a_column():
    """Only what the command itself says of a row has no column."""
    ours = {"premises_id", "entry_method", "mrz", "identity", "document", "contact", "remarks"}
    parts = {"visa": Visa, "work": Work, "work.contract": Contract, "work.permit": WorkPermit}
    parts |= {"": Stay, **DISCLOSURES}
    paths = {
        f"{part}.{name}".strip(".")
        for part, of in parts.items()
        for name in of.__struct_encode_fields__
    }
    reached = {".".join(column.to) for column in COLUMNS}
    assert paths - ours - set(parts) == reached


def export(demo: Served, *more: str | Path) -> subprocess.CompletedProcess[str]:
    given = ["--place", SANGKAT_4, "--purpose", "visit", *more]
    return sangkat("export", *given, data=demo.data)


def test_a_list_says_that_it_is_test_data_when_it_was_made_and_why(demo: Served):
    assert sangkat("export", "--place", SANGKAT_4, data=demo.data).returncode == 2
    assert export(demo, "--purpose", "curiosity").returncode == 2
    began = write_instant(now_ms())
    lines = export(demo, "--purpose", "welfare").stdout.splitlines()
    rows = list(csv.DictReader(lines, strict=True))
    assert {row["nationality"] for row in rows} >= {"VNM"}
    (notice,) = {row["notice"] for row in rows}
    assert notice.startswith("TEST DATA")
    at = notice.split("exported ")[1].split(" ")[0]
    assert began <= at <= write_instant(now_ms())
    assert "for welfare" in notice


def test_every_export_is_put_down_with_its_purpose(demo: Served):
    assert export(demo).returncode == 0
    with closing(sqlite3.connect(demo.data / "register.sqlite3")) as file:
        rows = file.execute("SELECT reason FROM audit WHERE action = 'list.export'").fetchall()
    assert rows[-1] == (f"visit {SANGKAT_4}",)


def test_what_is_imported_is_said_by_the_register_and_by_nobody_else(demo: Served, tmp_path: Path):
    file, premises_id = tmp_path / "people.csv", _premises(demo)
    file.write_text(_HEADS + "TEST,IMPORTED,VNM,1990,,7,E\n" * 2)
    flags = ("import", file, "--premises", premises_id)
    tried = sangkat(*flags, "--dry-run", data=demo.data)
    assert "1 of 1 rows would be taken" in tried.stdout
    done = sangkat(*flags, data=demo.data)
    assert "line 3: the same as line 2" in done.stderr
    with closing(sqlite3.connect(demo.data / "register.sqlite3")) as data:
        rows = data.execute(
            "SELECT role FROM entries JOIN entities USING (log, entity)"
            " JOIN accounts ON accounts.account_id = entities.author"
            " WHERE entries.kind = 'stay' ORDER BY entries.pos DESC LIMIT 1"
        ).fetchall()
    assert rows == [("register",)]


@pytest.mark.parametrize("place", ["psh-p-preah-sihanouk", "psh-d-kampong-soam", "nowhere"])
def test_a_list_is_that_of_one_commune(demo: Served, place: str):
    flags = ("--place", place, "--purpose", "visit")
    done = sangkat("export", *flags, data=demo.data)
    assert (done.returncode, done.stdout) == (1, "")
    assert "/place" in done.stderr


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("nationality,sex,sex\nVNM,F,M\n", "there twice: sex"),
        ("nationality\nVNM,F\n", "line 2 has more cells than heads"),
        ("sex\nF\n", "missing: nationality"),
        ('nationality,remarks\nVNM,"see note\nVNM,\nVNM,\n', "line 2: a cell begins with a quote"),
        ('nationality,remarks\nVNM,"a\nb"\nVNM,"1\n2\nTHA,"e"\n', "line 4: a cell begins with a"),
        ('nationality,unit,remarks\nVNM,"1\n2","c\nTHA,,\n', "line 3: a cell begins with a quote"),
        (f"nationality,remarks\nVNM,\nVNM,{'x' * 140_000}\n", "line 3: a cell has more than"),
        (f'nationality,remarks\nVNM,"\n{"x" * 140_000}"\n', "line 2: a cell has more than"),
        ('nationality,remarks\nVNM,"\n' + "THA,\n" * 40_000, "line 2: a cell begins with a"),
    ],
)
def test_a_table_that_can_be_read_two_ways_is_refused(
    demo: Served, tmp_path: Path, text: str, said: str
):
    file = tmp_path / "people.csv"
    file.write_text(text)
    done = sangkat("import", file, "--premises", _premises(demo), data=demo.data)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert said in done.stderr


def test_a_row_that_swallowed_others_is_refused_and_remarks_may_have_lines(
    demo: Served, tmp_path: Path
):
    rows = (
        'VNM,TEST FIRST,"see note\nTHA,TEST LOST,"\n'  # a quote is missing on line 2
        'THA,"TEST SECOND\nVNM,TEST LOST",\n'
        'VNM,TEST THIRD,"came late,\r\nby bus, with ""two"" bags"\n'
        'VNM,"TEST\nFOURTH",\n'
    )
    file = tmp_path / "people.csv"
    file.write_text(f"nationality,primary,remarks\n{rows}", newline="")
    done = sangkat("import", file, "--premises", _premises(demo), data=demo.data)
    assert (done.returncode, done.stdout) == (1, "1 of 4 rows taken\n")
    assert done.stderr.splitlines()[-3:] == [
        "line 2: remarks hold another person's row; is a quote missing?",
        "line 4: primary goes on in the next line; is a quote missing?",
        "line 8: primary goes on in the next line; is a quote missing?",
    ]


def test_columns_that_are_not_known_are_refused(demo: Served, tmp_path: Path):
    file = tmp_path / "people.csv"
    file.write_text("nationality,shoe_size\nVNM,41\n")
    done = sangkat("import", file, "--premises", _premises(demo), data=demo.data)
    assert (done.returncode, "not known: number 2" in done.stderr) == (2, True)


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
    early = sangkat("order", "end", order_id, "--on", "2025-12-31", data=demo.data)
    assert (early.returncode, "/body/ends_on" in early.stderr) == (1, True)
    listed = sangkat("order", "list", data=demo.data).stdout
    assert any(order_id in line and "2026-02-01" in line for line in listed.splitlines())


@pytest.mark.parametrize(
    "cell", ["=1+1", "+1", "-1", "@x", "\tx", "\rx", " =1+1", "\u00a0@x", "\uff1d1", " \uff0d1"]
)
def test_no_cell_is_a_formula(cell: str):
    assert neutralise(cell) == "'" + cell


@pytest.mark.parametrize("between", [";", "|", "\n"])
def test_no_part_of_a_cell_is_a_formula_where_something_else_separates(between: str):
    assert neutralise(f"a{between}=1+1{between}b") == f"a{between}'=1+1{between}b"


def test_an_export_writes_over_a_file_only_when_told(demo: Served, tmp_path: Path):
    file = tmp_path / "list.csv"
    file.write_text("mine")
    assert export(demo, "--out", file).returncode == 1
    assert file.read_text() == "mine"
    assert export(demo, "--out", file, "--force").returncode == 0
    assert "mine" not in file.read_text()
