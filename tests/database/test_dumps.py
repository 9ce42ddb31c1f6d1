"""Dumps of a real PostgreSQL: all of it comes back, and nothing of the password is seen."""

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from api.database.dumps import DumpFailed, dump, read_variables, reading_dump
from tests.postgres import make_database, running_cluster

NOWHERE = "postgresql://postgres@127.0.0.1:9/none"


@pytest.fixture(scope="module")
def cluster() -> Iterator[str]:
    with running_cluster() as dsn:
        yield dsn


async def run(dsn: str, sql: str) -> list[tuple[object, ...]]:
    connection = await asyncpg.connect(dsn)
    try:
        return [tuple(row) for row in await connection.fetch(sql)]
    finally:
        await connection.close()


def pretend(monkeypatch: pytest.MonkeyPatch, folder: Path, script: str) -> None:
    """Put a program of this name in the way of the real one."""
    program = folder / "pg_dump"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder), prepend=os.pathsep)


@pytest.mark.parametrize(
    ("dsn", "variables"),
    [
        ("postgresql://", {}),
        ("postgresql://u@h/d", {"PGHOST": "h", "PGUSER": "u", "PGDATABASE": "d"}),
        (
            "postgresql://u:p%40s%2F@[::1]:5433/d%20d?sslmode=verify-full&other=1",
            {
                "PGHOST": "::1",
                "PGPORT": "5433",
                "PGUSER": "u",
                "PGPASSWORD": "p@s/",
                "PGDATABASE": "d d",
                "PGSSLMODE": "verify-full",
            },
        ),
        (
            "postgresql://a:1,b:2/d?target_session_attrs=read-write",
            {
                "PGHOST": "a,b",
                "PGPORT": "1,2",
                "PGDATABASE": "d",
                "PGTARGETSESSIONATTRS": "read-write",
            },
        ),
        ("postgresql:///d?host=/run/p", {"PGHOST": "/run/p", "PGDATABASE": "d"}),
    ],
)
def test_an_address_is_told_in_variables(dsn: str, variables: dict[str, str]):
    assert read_variables(dsn) == variables


async def test_what_is_not_reached_is_told_in_a_line(tmp_path: Path):
    with pytest.raises(DumpFailed, match="Connection refused"):
        await dump(NOWHERE, tmp_path / "dump")


async def test_a_missing_program_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(DumpFailed, match="pg_dump is missing"):
        await dump(NOWHERE, tmp_path / "dump")


async def test_a_password_stands_on_no_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    pretend(monkeypatch, tmp_path, f'echo "$@" > {tmp_path}/line; env > {tmp_path}/variables')
    await dump("postgresql://u:TESTDATA@h/d", tmp_path / "dump")
    assert "TESTDATA" not in (tmp_path / "line").read_text()
    assert "PGPASSWORD=TESTDATA\n" in (tmp_path / "variables").read_text()


async def test_nobody_waits_for_a_dump_that_was_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    pipe = tmp_path / "started"
    os.mkfifo(pipe)
    pretend(monkeypatch, tmp_path, f"echo $$ > {pipe}; exec /bin/sleep 600")
    dumping = asyncio.create_task(dump(NOWHERE, tmp_path / "dump"))
    number = int(await asyncio.to_thread(pipe.read_text))
    dumping.cancel()
    await asyncio.wait([dumping])
    with pytest.raises(ProcessLookupError):
        os.kill(number, 0)


async def read(dump_file: Path, *only: str) -> dict[str, bytes]:
    async with reading_dump(dump_file, *only) as tables:
        return {
            rows.table: b"".join([chunk async for chunk in rows.chunks]) async for rows in tables
        }


async def test_every_row_of_a_dump_is_read_and_nothing_of_it_run(cluster: str, tmp_path: Path):
    source = make_database(cluster, "source")
    await run(source, 'CREATE TABLE "entries of" (log TEXT, "by" BIGINT)')
    await run(
        source, "INSERT INTO \"entries of\" SELECT E'\\\\.\\n', n FROM generate_series(1, 999) n"
    )
    await run(source, "CREATE TABLE other AS SELECT 1 AS n")
    await run(source, "CREATE SCHEMA replaced_before")
    await run(source, "CREATE TABLE replaced_before.other AS SELECT 2 AS n")
    await dump(source, tmp_path / "dump")
    found = await read(tmp_path / "dump")
    assert (found["entries of"].count(b"\n"), found["other"]) == (999, b"1\n")
    assert await read(tmp_path / "dump", "other") == {"other": b"1\n"}


async def test_a_dump_that_is_cut_off_is_told(cluster: str, tmp_path: Path):
    source = make_database(cluster, "cut")
    await run(
        source,
        "CREATE TABLE entries AS SELECT sha256(n::text::bytea) FROM generate_series(1, 9999) n",
    )
    await dump(source, tmp_path / "dump")
    (tmp_path / "dump").write_bytes((tmp_path / "dump").read_bytes()[:-9_000])
    with pytest.raises(DumpFailed):
        await read(tmp_path / "dump")
