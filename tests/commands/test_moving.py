"""`sangkat move`: from the file into PostgreSQL, the same row by row, and only once."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest

from api.__main__ import main
from api.database.engine import AlreadyServed
from api.database.lock import take_lock
from tests import engines
from tests.commands.served import clean_environment, sangkat, served
from tests.forking import Program


@pytest.fixture(scope="module", autouse=True)
def cluster() -> Iterator[None]:
    with engines.using("postgresql"):
        yield


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demonstration in its file."""
    folder = tmp_path_factory.mktemp("made") / "register"
    assert sangkat("demo", "tiny", data=folder).returncode == 0
    return folder


@pytest.fixture
def data(made: Path, tmp_path: Path) -> Path:
    subprocess.run(["cp", "-a", made, tmp_path / "register"], check=True)
    return tmp_path / "register"


def in_postgresql(data: Path, *arguments: str, database: str = "") -> tuple[int, str]:
    """Run a command with the folder's database named; return its exit code and what it said."""
    database = database or asyncio.run(engines.find_database(data))
    environ = {**clean_environment(), "SANGKAT_DATABASE": database}
    program = Program(main, *arguments, "--data", str(data), environ=environ)
    return program.wait(), program.read("stdout") + program.read("stderr")


async def has_tables(data: Path) -> bool:
    connection = await asyncpg.connect(await engines.find_database(data))
    try:
        return await connection.fetchval("SELECT to_regclass('entries') IS NOT NULL")
    finally:
        await connection.close()


def test_a_moved_register_holds_and_goes_on(data: Path):
    code, said = in_postgresql(data, "move")
    assert code == 0, said
    assert "row by row" in said
    code, said = in_postgresql(data, "verify")
    assert (code, "every table hold" in said) == (0, True), said
    code, said = in_postgresql(data, "account", "invite", "--role", "officer")
    assert "place" in said  # it is asked, and says what is missing
    code, said = in_postgresql(data, "migrate")
    assert code == 0, said


def test_what_was_moved_is_served_from_its_file_no_more(data: Path):
    code, said = in_postgresql(data, "move")
    assert code == 0, said
    for command in (("verify",), ("move",), ("serve",), ("restore", data.parent / "backup")):
        refused = sangkat(*command, data=data)
        assert refused.returncode in {1, 2}
        assert "SANGKAT_DATABASE" in refused.stderr
        assert "puts a backup there" not in refused.stderr
    [aside] = data.glob("moved-*")
    assert (aside / "register.sqlite3").is_file()


def test_a_move_that_was_killed_before_the_file_was_put_aside_is_ended_by_the_next(data: Path):
    assert (in_postgresql(data, "move"))[0] == 0
    [aside] = data.glob("moved-*")
    (aside / "register.sqlite3").rename(data / "register.sqlite3")
    aside.rmdir()
    code, said = in_postgresql(data, "move")
    assert (code, "moved before" in said) == (0, True), said
    [aside] = data.glob("moved-*")
    assert (aside / "register.sqlite3").is_file()
    assert sangkat("verify", data=data).returncode == 1
    assert in_postgresql(data, "verify")[0] == 0


def run_beside_a_starting_server(arguments: list[str]) -> int:
    """Move, and let a server of the file try to start at the moment before it is put aside."""

    def watch(event: str, about: tuple[Any, ...]) -> None:
        if event == "os.mkdir" and "/moved-" in str(about[0]):
            try:
                take_lock(Path(arguments[-1]) / "register.sqlite3").close()
            except AlreadyServed:
                print("nobody else serves it")

    sys.addaudithook(watch)
    return main(arguments)


def test_nobody_serves_the_file_between_the_move_and_its_putting_aside(data: Path):
    environ = {**clean_environment(), "SANGKAT_DATABASE": asyncio.run(engines.find_database(data))}
    given = ["move", "--data", str(data)]
    program = Program(run_beside_a_starting_server, *given, environ=environ)
    assert program.wait() == 0, program.read("stderr")
    assert "nobody else serves it" in program.read("stdout")


def test_a_database_with_another_register_is_not_moved_into(data: Path, tmp_path: Path):
    assert (in_postgresql(data, "move"))[0] == 0
    other = tmp_path / "other"
    assert sangkat("demo", "tiny", data=other).returncode == 0
    (data / "keys").rename(data / "kept")
    for name in ("register.sqlite3", "keys"):
        (other / name).rename(data / name)
    code, said = in_postgresql(data, "move")
    assert (code, said.count("restore")) == (1, 0), said
    assert "holds a register already" in said
    assert (data / "register.sqlite3").is_file()


def test_what_does_not_hold_is_not_moved(data: Path):
    tampered = "UPDATE stays SET nationality = 'XXX'"
    subprocess.run(["sqlite3", data / "register.sqlite3", tampered], check=True)
    code, said = in_postgresql(data, "move")
    assert code == 1
    assert "nothing moved" in said
    assert not asyncio.run(has_tables(data))


def test_a_demonstration_is_made_in_postgresql_once(tmp_path: Path):
    made = [in_postgresql(tmp_path / "demo", "demo", "tiny") for _ in range(2)]
    assert [code for code, _ in made] == [0, 0], made
    assert "as it was" in made[1][1]
    assert not (tmp_path / "demo" / "register.sqlite3").exists()
    assert in_postgresql(tmp_path / "demo", "verify")[0] == 0


def test_no_demonstration_is_made_over_a_register(data: Path):
    assert in_postgresql(data, "move")[0] == 0
    (data / "keys").rename(data / "kept")
    code, said = in_postgresql(data, "demo", "tiny")
    assert (code, "holds a register already" in said) == (1, True), said


async def forget_the_newest(data: Path) -> None:
    connection = await asyncpg.connect(await engines.find_database(data))
    try:
        newest = "SELECT MAX(name) FROM migrations"
        await connection.execute(f"DELETE FROM migrations WHERE name = ({newest})")
    finally:
        await connection.close()


def test_data_of_an_older_version_are_refused_with_the_way_on(data: Path):
    assert in_postgresql(data, "move")[0] == 0
    asyncio.run(forget_the_newest(data))
    code, said = in_postgresql(data, "account", "list")
    assert (code, "`sangkat upgrade` brings it" in said) == (1, True), said


async def make_role(data: Path, name: str) -> str:
    """Make a role that may only sign in; return the address with it."""
    database = await engines.find_database(data)
    connection = await asyncpg.connect(database)
    try:
        await connection.execute(f"CREATE ROLE {name} LOGIN")
    finally:
        await connection.close()
    return database.replace("postgres@", f"{name}@")


def test_a_role_that_may_change_nothing_serves_what_its_owner_made(data: Path):
    database = asyncio.run(make_role(data, "worker"))
    assert in_postgresql(data, "move")[0] == 0
    code, said = in_postgresql(data, "migrate", "--grant", "worker")
    assert code == 0, said
    with served(data, database=database) as running:
        ready = httpx.get(f"{running.url}/readyz")
        assert ready.json()["status"] == "ready"
        assert "postgresql" in ready.json()


def test_a_role_that_may_not_is_told_so_in_one_line(data: Path):
    database = asyncio.run(make_role(data, "stranger"))
    assert in_postgresql(data, "move")[0] == 0
    for command in ("verify", "migrate", "serve"):
        code, said = in_postgresql(data, command, database=database)
        assert (code, "permission denied" in said, said.count("\n")) == (1, True, 1), said
    code, said = in_postgresql(data, "migrate", "--grant", "nobody")
    assert (code, 'role "nobody" does not exist' in said, said.count("\n")) == (1, True, 1), said


def test_without_a_database_to_move_to_the_use_is_wrong(data: Path):
    said = sangkat("move", data=data)
    assert (said.returncode, "SANGKAT_DATABASE" in said.stderr) == (2, True)


@pytest.mark.parametrize("command", [("account", "list"), ("verify",), ("move",)])
def test_a_database_that_does_not_answer_is_for_later(data: Path, command: tuple[str, ...]):
    environ = {**clean_environment(), "SANGKAT_DATABASE": "postgresql://nobody:pw@127.0.0.1:1/x"}
    program = Program(main, *command, "--data", str(data), environ=environ)
    assert program.wait() == os.EX_TEMPFAIL
    assert "pw" not in program.read("stderr")
    assert "defect" not in program.read("stderr")


def test_an_address_that_is_none_is_wrong_use_and_not_quoted(data: Path):
    environ = {**clean_environment(), "SANGKAT_DATABASE": "postgresql://nobody:p[w@127.0.0.1/x"}
    program = Program(main, "verify", "--data", str(data), environ=environ)
    assert (program.wait(), "%40" in program.read("stderr")) == (2, True)
    assert "p[w" not in program.read("stderr")
