"""A register whose database is in PostgreSQL: commands run on it, copies made, rows read."""

import asyncio
import shutil
import subprocess
from pathlib import Path
from typing import Any

import asyncpg

from api.__main__ import main
from tests import engines
from tests.commands.served import clean_environment
from tests.forking import Program, Run


def in_postgresql(
    data: Path, *arguments: str | Path, run: Run = main, role: str = "postgres"
) -> subprocess.CompletedProcess[str]:
    """Run a command with the folder's database named, as this role."""
    given = [*map(str, arguments), "--data", str(data)]
    database = find_database(data).replace("postgres@", f"{role}@")
    environ = {**clean_environment(), "SANGKAT_DATABASE": database}
    program = Program(run, *given, environ=environ)
    exit_code = program.wait()
    return subprocess.CompletedProcess(
        given, exit_code, program.read("stdout"), program.read("stderr")
    )


def find_database(data: Path) -> str:
    return asyncio.run(engines.find_database(data))


def ask(data: Path, sql: str, *values: Any) -> list[Any]:
    """Return the first column of what a register's database answers."""

    async def fetch() -> list[Any]:
        connection = await asyncpg.connect(await engines.find_database(data))
        try:
            return [row[0] for row in await connection.fetch(sql, *values)]
        finally:
            await connection.close()

    return asyncio.run(fetch())


def copy_register(data: Path, target: Path) -> Path:
    """Return a copy of a register that nobody serves, its database with it."""
    source, copy = (find_database(folder).rpartition("/")[2] for folder in (data, target))
    ask(data.parent, f"DROP DATABASE {copy}")
    ask(data.parent, f"CREATE DATABASE {copy} TEMPLATE {source}")
    return Path(shutil.copytree(data, target, ignore=shutil.ignore_patterns("*.sock")))
