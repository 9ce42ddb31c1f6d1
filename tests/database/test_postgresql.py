"""A register in PostgreSQL: what the engine itself has to hold, on a real server."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import asyncpg
import pytest

from api.commands.verify import verify
from api.copies import open_copies
from api.database.engine import Engine, Transaction, Unreachable
from api.database.migrate import migrate
from api.database.opening import open_engine
from api.moving import TABLES
from api.problems import Overloaded
from api.settings import Settings
from tests.engines import settings_for
from tests.world import World, open_world

pytestmark = pytest.mark.usefixtures("on_postgresql")
_CHANGES = (
    "UPDATE entries SET place = place",
    "DELETE FROM entries",
    "TRUNCATE entries",
    "UPDATE payloads SET signature = ''",
    "DELETE FROM payloads",
    "DELETE FROM audit",
    "DELETE FROM heads",
    "TRUNCATE heads",
    'DELETE FROM "entries psh-p-preah-sihanouk"',
)
_LETS_THROUGH = (
    "CREATE OR REPLACE FUNCTION sangkat_refuse() RETURNS trigger LANGUAGE plpgsql"
    " AS 'BEGIN RETURN NEW; END'"
)


@pytest.fixture
async def settings(tmp_path: Path) -> Settings:
    return await settings_for(tmp_path, is_demo=True)


@pytest.fixture
async def engine(world: World) -> Engine:
    return world.register.engine


@pytest.fixture
async def beside(world: World) -> AsyncIterator[asyncpg.Connection]:
    """A connection of somebody else's to the register's database."""
    connection = await asyncpg.connect(world.register.settings.database)
    yield connection
    await connection.close()


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE heads SET pos = pos - 1",
        "UPDATE heads SET chain = sha256(chain)",
        "UPDATE heads SET received_ms = received_ms - 1",
        "UPDATE heads SET log = 'another'",
    ],
)
async def test_a_head_goes_forward_only(beside: asyncpg.Connection, change: str):
    with pytest.raises(asyncpg.RaiseError, match="append-only"):
        await beside.execute(change)
    assert await beside.fetchval("SELECT pos > 0 FROM heads")


@pytest.mark.parametrize("change", _CHANGES)
async def test_what_was_appended_is_never_changed_even_by_a_superuser(
    beside: asyncpg.Connection, change: str
):
    with pytest.raises(asyncpg.RaiseError, match="append-only"):
        await beside.execute(change)


async def test_nobody_is_granted_to_change_the_log(beside: asyncpg.Connection):
    await beside.execute("CREATE ROLE server LOGIN")
    try:
        await beside.execute("SELECT sangkat_grant('server')")
        await beside.execute("SET ROLE server")
        assert await beside.fetchval("SELECT COUNT(*) > 0 FROM entries")
        await beside.execute("UPDATE heads SET pos = pos")
        for change in _CHANGES:
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await beside.execute(change)
    finally:
        await beside.execute("RESET ROLE; DROP OWNED BY server; DROP ROLE server")


async def test_a_role_that_served_before_loses_the_right_to_delete_the_head(settings: Settings):
    engine, beside = await open_engine(settings), await asyncpg.connect(settings.database)
    may = "SELECT has_table_privilege('earlier', 'heads', 'DELETE'),"
    may += " has_table_privilege('earlier', 'heads', 'UPDATE')"
    try:
        await migrate(engine, 1, "0025-photos.sql")
        await beside.execute("CREATE ROLE earlier LOGIN; SELECT sangkat_grant('earlier')")
        before = await beside.fetchrow(may)
        await migrate(engine, 2)
        assert (tuple(before), tuple(await beside.fetchrow(may))) == ((True, True), (False, True))
    finally:
        await beside.execute("DROP OWNED BY earlier; DROP ROLE earlier")
        await beside.close()
        await engine.close()


async def test_a_disclosure_that_is_erased_leaves_a_mark(world: World, beside: asyncpg.Connection):
    stay_id = await world.owner.send_stay(await world.owner.send_premises())
    erased = "DELETE FROM disclosures WHERE id = $1 AND name = 'document'"
    await beside.execute(erased, stay_id.bytes)
    marks = await beside.fetch("SELECT id, name FROM erasures")
    assert [tuple(row) for row in marks] == [(stay_id.bytes, "document")]


async def test_writers_of_two_processes_follow_one_another(world: World, engine: Engine):
    other = await open_engine(world.register.settings)
    order: list[str] = []

    async def write(name: str, tx: Transaction) -> None:
        order.append(name)
        await tx.one("SELECT pg_sleep(0.05)")
        order.append(name)

    async def repeat(one: Engine, name: str) -> None:
        for _ in range(4):
            await one.write(lambda tx: write(name, tx))

    try:
        await asyncio.gather(repeat(engine, "here"), repeat(other, "there"))
    finally:
        await other.close()
    assert order[::2] == order[1::2]


async def test_a_connection_lost_in_the_middle_of_a_write_is_not_noticed(
    world: World, engine: Engine, beside: asyncpg.Connection
):
    tries: list[int] = []

    async def work(tx: Transaction) -> int:
        row = await tx.one("SELECT pg_backend_pid()")
        assert row is not None
        tries.append(row[0])
        if len(tries) == 1:
            await beside.execute("SELECT pg_terminate_backend($1)", row[0])
        return await tx.run("UPDATE numbers SET seq = seq WHERE log = :log", log=world.register.log)

    assert await engine.write(work) == 1
    assert len(set(tries)) == 2


async def test_a_head_that_another_holds_for_too_long_is_answered_later(
    engine: Engine, beside: asyncpg.Connection
):
    async with beside.transaction():
        await beside.execute("SELECT 1 FROM heads FOR UPDATE")
        with pytest.raises(Overloaded):
            await engine.check()
    assert (await engine.check())["fsync"] == "on"


async def test_a_server_that_does_not_sync_is_refused(settings: Settings):
    unsafe = settings.database + "?options=-c%20synchronous_commit%3Doff"
    engine = await open_engine(Settings(database=unsafe))
    try:
        await migrate(engine, 1)
        with pytest.raises(RuntimeError, match="synchronous_commit"):
            await engine.check()
    finally:
        await engine.close()


@pytest.mark.parametrize("name", ["nobody:secret@127.0.0.1:1/none", "127.0.0.1/bad?x=1"])
async def test_what_does_not_let_us_in_is_said_without_the_address(name: str):
    with pytest.raises(Unreachable) as said:
        await open_engine(Settings(database=f"postgresql://{name}"))
    assert "secret" not in str(said.value)
    assert "127.0.0.1" not in str(said.value)


@pytest.mark.parametrize("where", ["127.0.0.1:1/none", "/none?host=/nowhere"])
async def test_a_server_that_is_not_there_may_come_later(where: str):
    with pytest.raises(Unreachable) as said:
        await open_engine(Settings(database=f"postgresql://{where}"))
    assert said.value.may_pass


async def test_both_engines_have_the_same_tables(tmp_path: Path, settings: Settings):
    async with open_world(tmp_path / "file", database=""):
        pass
    with closing(sqlite3.connect(tmp_path / "file" / "register.sqlite3")) as file:
        ours = {
            table.name: [row[1] for row in file.execute(f"PRAGMA table_info({table.name})")]
            for table in TABLES
        }
    async with open_world(tmp_path):
        pass
    beside = await asyncpg.connect(settings.database)
    columns = await beside.fetch(
        "SELECT table_name, column_name FROM information_schema.columns"
        " WHERE table_schema = 'public' AND table_name NOT LIKE '% %' ORDER BY ordinal_position"
    )
    await beside.close()
    theirs: dict[str, list[str]] = {}
    for table, column in columns:
        theirs.setdefault(table, []).append(column)
    del theirs["migrations"]
    assert theirs == ours


async def test_a_register_that_holds_is_proved(world: World, capsys: pytest.CaptureFixture[str]):
    await world.owner.send_stay(await world.owner.send_premises())
    wrong, pos = await verify(world.register.settings)
    assert (wrong, capsys.readouterr().out) == (0, "")
    assert pos > 0


@pytest.mark.parametrize(
    ("tampering", "said"),
    [
        ("ALTER TABLE entries DISABLE TRIGGER entries_never_change", "trigger entries"),
        ("GRANT UPDATE ON entries TO PUBLIC", "grant 'entries UPDATE'"),
        ("GRANT DELETE ON heads TO PUBLIC", "grant 'heads DELETE'"),
        ("ALTER TABLE heads DISABLE TRIGGER heads_never_go_back", "trigger heads"),
        ("DROP INDEX entries_by_place", "index entries_by_place: is missing"),
        ("UPDATE entities SET effect = 'accepted' WHERE kind = 'stay'", "entities"),
        ("CREATE TABLE mine (x TEXT)", "table 'mine': is not of this program"),
        (
            _LETS_THROUGH,
            "function sangkat_refuse",
        ),
    ],
)
async def test_tampering_is_named(
    world: World,
    beside: asyncpg.Connection,
    capsys: pytest.CaptureFixture[str],
    tampering: str,
    said: str,
):
    await world.owner.send_stay(await world.owner.send_premises())
    await beside.execute(tampering)
    wrong, _ = await verify(world.register.settings)
    assert wrong > 0
    assert said in capsys.readouterr().out


async def test_looking_leaves_nothing_behind(world: World, beside: asyncpg.Connection):
    async with open_copies(world.register.settings):
        pass
    schemas = "SELECT COUNT(*) FROM pg_namespace WHERE nspname = 'sangkat_pattern'"
    assert await beside.fetchval(schemas) == 0
