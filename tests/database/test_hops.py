"""Statements that travel together mean the same as if each went alone."""

import asyncio
import sqlite3
from pathlib import Path

import pytest

from api.database.engine import Transaction
from api.database.migrate import migrate
from api.database.sqlite import SqliteEngine, open_sqlite

INSERT = "INSERT INTO assertions (jti, expires_ms) VALUES (:jti, 1)"


@pytest.fixture(name="engine")
async def open_engine(tmp_path: Path):
    opened = await open_sqlite(tmp_path / "register.sqlite3")
    await migrate(opened, 1)
    yield opened
    await opened.close()


async def list_all(engine: SqliteEngine) -> list[str]:
    async with engine.glancing() as tx:
        return [row[0] for row in await tx.all("SELECT jti FROM assertions ORDER BY jti")]


async def ask(engine: SqliteEngine, sql: str) -> object:
    async with engine.glancing() as tx:
        return await tx.one(sql)


async def test_a_statement_sees_what_was_written_before_it(engine):
    async with engine.writing() as tx:
        await tx.run_many(INSERT, [{"jti": "a"}, {"jti": "b"}])
        assert await tx.one("SELECT COUNT(*) FROM assertions") == (2,)
        await tx.run_many(INSERT, [{"jti": "c"}])
        assert await tx.run("DELETE FROM assertions WHERE jti <> 'a'") == 2
    assert await list_all(engine) == ["a"]


async def test_a_row_may_name_its_values_in_any_order_and_more_than_once(engine):
    statement = "INSERT INTO assertions (jti, expires_ms) VALUES (:jti || '-' || :ms, :ms)"
    async with engine.writing() as tx:
        await tx.run_many(statement, [{"ms": 7, "jti": "a", "unused": None}])
    assert await list_all(engine) == ["a-7"]


async def test_what_fails_with_the_commit_leaves_nothing(engine):
    async def write_twice() -> None:
        async with engine.writing() as tx:
            await tx.run_many(INSERT, [{"jti": "a"}])
            await tx.run_many(INSERT, [{"jti": "a"}])

    with pytest.raises(sqlite3.IntegrityError):
        await write_twice()
    assert await list_all(engine) == []
    async with engine.writing() as tx:
        await tx.run_many(INSERT, [{"jti": "b"}])
    assert await list_all(engine) == ["b"]


async def test_readers_that_ask_together_get_each_its_own_answer(engine):
    answers = await asyncio.gather(*(ask(engine, f"SELECT {n}") for n in range(50)))
    assert answers == [(n,) for n in range(50)]


async def test_a_reader_whose_question_fails_fails_alone(engine):
    questions = ["SELECT 1", "SELECT nothing FROM nowhere", "SELECT 2"]
    answers = await asyncio.gather(*(ask(engine, one) for one in questions), return_exceptions=True)
    assert [answers[0], answers[2]] == [(1,), (2,)]
    assert isinstance(answers[1], sqlite3.OperationalError)


async def test_a_reader_that_gives_up_leaves_the_others_their_answers(engine):
    async with engine.reading() as tx:
        await tx.one("SELECT 1")
        asking = [asyncio.create_task(ask(engine, f"SELECT {n}")) for n in range(5)]
        await asyncio.sleep(0)
        asking[0].cancel()
    assert await asyncio.gather(*asking[1:]) == [(n,) for n in range(1, 5)]
    asking = [asyncio.create_task(ask(engine, f"SELECT {n}")) for n in range(5)]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    asking[0].cancel()
    assert await asyncio.gather(*asking[1:]) == [(n,) for n in range(1, 5)]


async def test_a_whole_transaction_goes_at_once_and_gives_what_it_found(engine):
    async def work(tx: Transaction) -> int:
        await tx.run_many(INSERT, [{"jti": "a"}])
        await tx.run("UPDATE assertions SET jti = 'b'")
        [[count]] = await tx.all("SELECT COUNT(*) FROM assertions")
        return count

    assert await engine.write(work) == 1
    assert await list_all(engine) == ["b"]


async def test_a_whole_transaction_that_fails_leaves_nothing(engine):
    async def work(tx: Transaction) -> None:
        await tx.run("DELETE FROM assertions")
        await tx.run_many(INSERT, [{"jti": "a"}, {"jti": "a"}])

    with pytest.raises(sqlite3.IntegrityError):
        await engine.write(work)
    assert await list_all(engine) == []


async def test_a_whole_transaction_waits_for_nothing_but_itself(engine):
    async def work(tx: Transaction) -> None:
        await tx.run("INSERT INTO assertions (jti, expires_ms) VALUES ('a', 1)")
        await asyncio.sleep(0)

    with pytest.raises(RuntimeError):
        await engine.write(work)
    assert await list_all(engine) == []


async def test_a_whole_read_is_one_snapshot_and_leaves_no_transaction_behind(engine):
    async def count_between(tx: Transaction) -> list[int]:
        [before] = await tx.all("SELECT COUNT(*) FROM assertions")
        rows = await tx.all_each("SELECT :n", [{"n": 7}, {"n": 8}])
        return [before[0], *(row[0] for row in rows)]

    assert await engine.read(count_between) == [0, 7, 8]

    async def fail(tx: Transaction) -> None:
        await tx.all("SELECT nothing")

    with pytest.raises(sqlite3.OperationalError):
        await engine.read(fail)
    async with engine.writing() as tx:
        await tx.run_many(INSERT, [{"jti": "a"}])
    assert (await engine.read(count_between))[0] == 1


async def test_a_statement_for_each_of_nothing_returns_nothing(engine):
    async with engine.reading() as tx:
        assert await tx.all_each("SELECT :n", []) == []
        assert await tx.all_each("SELECT :n", [{"n": 1}]) == [(1,)]
