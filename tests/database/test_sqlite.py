"""SQLite as the register uses it: durable, one writer, append-only, migrated once."""

import sqlite3
from pathlib import Path

import pytest

from api.database import migrate as migrating
from api.database.engine import AlreadyServed
from api.database.migrate import MigrationChanged, list_migrations, migrate
from api.database.sqlite import open_sqlite
from tests.makers import LOG
from tests.world import World


@pytest.fixture(name="engine")
async def open_engine(tmp_path: Path):
    opened = await open_sqlite(tmp_path / "register.sqlite3")
    await migrate(opened, 1)
    yield opened
    await opened.close()


@pytest.mark.usefixtures("engine")
async def test_a_second_writer_is_refused(tmp_path: Path):
    with pytest.raises(AlreadyServed):
        await open_sqlite(tmp_path / "register.sqlite3")


async def test_the_start_is_refused_without_full_durability(engine):
    await engine.check()
    await engine._writer.execute("PRAGMA synchronous = NORMAL")
    with pytest.raises(RuntimeError, match="not durable"):
        await engine.check()


async def test_the_reader_cannot_write(engine):
    async with engine.reading() as tx:
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            await tx.run("DELETE FROM tokens")


async def test_a_transaction_that_fails_leaves_nothing(engine):
    async def fail() -> None:
        async with engine.writing() as tx:
            await tx.run("INSERT INTO assertions (jti, expires_ms) VALUES ('planted', 1)")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    async with engine.reading() as tx:
        assert await tx.all("SELECT jti FROM assertions") == []


async def test_a_reader_keeps_its_snapshot_while_the_writer_goes_on(engine):
    async with engine.reading() as tx:
        assert await tx.all("SELECT jti FROM assertions") == []
        async with engine.writing() as other:
            await other.run("INSERT INTO assertions (jti, expires_ms) VALUES (:j, 1)", j="a")
        assert await tx.all("SELECT jti FROM assertions") == []


@pytest.mark.parametrize("count", [1, 2, 3, 7, 100])
async def test_a_list_of_any_length_is_found(engine, count: int):
    async with engine.writing() as tx:
        await tx.run_many(
            "INSERT INTO assertions (jti, expires_ms) VALUES (:jti, 1)",
            [{"jti": str(number)} for number in range(count + 5)],
        )
        rows = await tx.all(
            "SELECT jti FROM assertions WHERE jti IN (:wanted)",
            wanted=[str(number) for number in range(count)],
        )
    assert {row[0] for row in rows} == {str(number) for number in range(count)}


async def test_migrations_are_applied_once(engine):
    assert await migrate(engine, 2) == []


async def test_a_released_migration_that_was_edited_stops_the_start(
    engine, tmp_path: Path, monkeypatch
):
    folder = tmp_path / "migrations"
    folder.mkdir()
    for path in list_migrations("sqlite"):
        (folder / path.name).write_text(path.read_text() + "-- edited\n")
    monkeypatch.setattr(migrating, "MIGRATIONS_DIR", folder)
    with pytest.raises(MigrationChanged):
        await migrate(engine, 3)


@pytest.mark.parametrize("table", ["entries", "payloads"])
@pytest.mark.parametrize("change", ["UPDATE {} SET log = 'x'", "DELETE FROM {}"])
async def test_the_log_can_neither_be_changed_nor_shortened(world: World, table: str, change: str):
    await world.owner.send_premises()
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        async with world.register.engine.writing() as tx:
            await tx.run(change.format(table))


async def test_a_backup_taken_while_the_register_serves_is_whole(world: World, tmp_path: Path):
    premises_id = await world.owner.send_premises()
    target = tmp_path / "copy.sqlite3"
    await world.register.engine.backup(target)
    copy = sqlite3.connect(target)
    try:
        (found,) = copy.execute(
            "SELECT count(*) FROM entries WHERE log = ? AND id = ?", (LOG, premises_id.bytes)
        ).fetchone()
        assert found == 1
        assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    finally:
        copy.close()
