"""The checker can fail: every tampering with a log that holds turns it red, each in its own way."""

import asyncio
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.faults.checker import NOTHING, check
from tests.faults.devices import Fleet
from tests.faults.held import read_file
from tests.faults.history import History
from tests.faults.process import ServerProcess
from tests.faults.way import Weather

FIRST = "(SELECT MIN(pos) FROM entries WHERE kind = 'stay')"
LAST = "(SELECT MAX(pos) FROM entries)"
OTHER_RECEIPT = f"(SELECT receipt FROM entries WHERE pos = {LAST})"
TAMPERINGS = {
    "lost": [
        f"DELETE FROM payloads WHERE id = (SELECT id FROM entries WHERE pos = {FIRST})",
        f"DELETE FROM entries WHERE pos = {FIRST}",
    ],
    "doubled": ["UPDATE stays SET document_key = (SELECT MIN(document_key) FROM stays)"],
    "broken": [f"UPDATE entries SET receipt = {OTHER_RECEIPT} WHERE pos = {FIRST}"],
    "unproven": [f"UPDATE entries SET receipt = receipt || 'A' WHERE pos = {FIRST}"],
    "damaged": ["UPDATE payloads SET bytes = CAST(replace(bytes, 'EB', 'EG') AS BLOB)"],
}
MORE_DAMAGE = (
    f"UPDATE entries SET pos = 1000 WHERE pos = {FIRST}",
    f"UPDATE entries SET chain = zeroblob(32) WHERE pos = {FIRST}",
    f"UPDATE entries SET received_ms = 0 WHERE pos = {FIRST}",
    "UPDATE heads SET pos = pos + 1",
    f"DELETE FROM entries WHERE pos = {LAST}",
)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[History, Path]:
    """Five stays that a phone sent to a register without any fault."""
    folder = tmp_path_factory.mktemp("run")

    async def send() -> tuple[History, Path]:
        server = ServerProcess(folder / "register")
        async with server, Fleet(folder, server.url, Weather(seed=17)) as fleet:
            await fleet.add(1)
            await fleet.declare_and_finish(5)
            await server.stop()
        return fleet.history, server.database

    return asyncio.run(send())


def tamper(database: Path, target: Path, *statements: str) -> Path:
    """Return a changed copy of a database whose log no longer defends itself."""
    shutil.copy(database, target)
    with closing(sqlite3.connect(target)) as file, file:
        triggers = file.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (name,) in triggers.fetchall():
            file.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            assert file.execute(statement).rowcount > 0
    return target


def test_a_run_without_fault_has_no_findings(run: tuple[History, Path]):
    assert check(run[0], read_file(run[1])) == NOTHING


@pytest.mark.parametrize("finding", TAMPERINGS)
def test_the_checker_finds_a_tampering(run: tuple[History, Path], tmp_path: Path, finding: str):
    database = tamper(run[1], tmp_path / "copy.sqlite3", *TAMPERINGS[finding])
    assert getattr(check(run[0], read_file(database)), finding)


@pytest.mark.parametrize("statement", MORE_DAMAGE)
def test_the_checker_finds_a_break_in_the_log(
    run: tuple[History, Path], tmp_path: Path, statement: str
):
    database = tamper(run[1], tmp_path / "copy.sqlite3", statement)
    assert check(run[0], read_file(database)).damaged


def test_the_checker_finds_a_document_that_arrived_otherwise(run: tuple[History, Path]):
    history = History()
    history.saved = dict(run[0].saved)
    history.keys = run[0].keys
    other = next(iter(history.saved))
    history.saved[other] = "another hash"
    assert check(history, read_file(run[1])).lost == [other]
