"""Dumps of a PostgreSQL database by its own programs; apart because they run as other processes.

Where the database is and the password go there as variables: a command line is everybody's to read.
"""

import asyncio
import os
import re
import shutil
from asyncio import StreamReader
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

#: What an address may say behind its `?`, and the variable that says it to the programs.
_VARIABLES: Final = {
    "host": "PGHOST",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "dbname": "PGDATABASE",
    "passfile": "PGPASSFILE",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "target_session_attrs": "PGTARGETSESSIONATTRS",
    "connect_timeout": "PGCONNECT_TIMEOUT",
}
#: What a restore left aside, or is at work with: no part of the register.
SCHEMAS_LEFT_OUT: Final = ("replaced_", "sangkat_")
_LEFT_OUT: Final = tuple(f"--exclude-schema={name}*" for name in SCHEMAS_LEFT_OUT)
_COPY: Final = re.compile(
    r'COPY (?P<schema>"[^"]+"|\w+)\.(?P<table>"[^"]+"|\w+) \((?P<columns>.+)\) FROM stdin;\n'
)
_END: Final = b"\\.\n"
_LINES: Final = 256
#: No row is longer than this: a document is at most 256 KiB, and twice that in hexadecimal.
_LINE_BYTES_MAX: Final = 16 * 1024 * 1024
_ADVICE: Final = "is missing: install PostgreSQL's programs (Debian: postgresql-client)"


class DumpFailed(RuntimeError):
    """What the program said in its first line of trouble; never a value of a row."""


async def dump(dsn: str, target: Path) -> None:
    """Write one snapshot of a database into a file of PostgreSQL's custom format.

    Nobody who writes waits for it. Raises DumpFailed.
    """
    given = ("--format=custom", "--no-password", f"--file={target}", *_LEFT_OUT)
    async with _running("pg_dump", read_variables(dsn), *given):
        pass


class Rows(NamedTuple):
    """The rows of one table in a dump, as `COPY` takes them, and the names of its columns."""

    table: str
    columns: Sequence[str]
    chunks: AsyncGenerator[bytes]


@asynccontextmanager
async def reading_dump(source: Path, *only: str) -> AsyncGenerator[AsyncGenerator[Rows]]:
    """Yield the rows of a dump, table after table, of these alone if any are named.

    None of its statements is run, whoever made it. Raises DumpFailed, at the end at the latest.
    """
    given = ("--data-only", "--file=-", *(f"--table={table}" for table in only), str(source))
    async with _running("pg_restore", {}, *given) as lines, aclosing(_list_rows(lines)) as tables:
        yield tables


async def _list_rows(lines: StreamReader) -> AsyncGenerator[Rows]:
    async for line in lines:
        match = _COPY.fullmatch(line.decode())
        if match is None or match["schema"].strip('"').startswith(SCHEMAS_LEFT_OUT):
            continue
        columns = [name.strip('"') for name in match["columns"].split(", ")]
        yield Rows(match["table"].strip('"'), columns, _list_chunks(lines))


async def _list_chunks(lines: StreamReader) -> AsyncGenerator[bytes]:
    """Yield lines up to the one that ends them, many together."""
    held: list[bytes] = []
    async for line in lines:
        if line == _END:
            break
        held.append(line)
        if len(held) == _LINES:
            yield b"".join(held)
            held.clear()
    yield b"".join(held)


def read_variables(dsn: str) -> dict[str, str]:
    """Return an address `postgresql://…`, of several hosts perhaps, as libpq's variables."""
    parts = urlsplit(dsn)
    login, _, hosts = parts.netloc.rpartition("@")
    user, _, password = login.partition(":")
    pairs = [_split_host(host) for host in hosts.split(",") if host]
    said = {
        "PGHOST": ",".join(unquote(host) for host, _ in pairs),
        "PGPORT": ",".join(port for _, port in pairs) if any(port for _, port in pairs) else "",
        "PGUSER": unquote(user),
        "PGPASSWORD": unquote(password),
        "PGDATABASE": unquote(parts.path.removeprefix("/")) or unquote(user),
    }
    more = {_VARIABLES[name]: value for name, value in parse_qsl(parts.query) if name in _VARIABLES}
    return {name: value for name, value in {**said, **more}.items() if value}


def _split_host(text: str) -> tuple[str, str]:
    """Return host and port; an IPv6 address stands in brackets."""
    if text.startswith("["):
        host, _, port = text.removeprefix("[").partition("]")
        return host, port.removeprefix(":")
    host, _, port = text.partition(":")
    return host, port


@asynccontextmanager
async def _running(
    name: str, variables: Mapping[str, str], *given: str
) -> AsyncGenerator[StreamReader]:
    """Run a program to its end, and end it when nobody waits for it any more."""
    program = shutil.which(name)
    if program is None:
        raise DumpFailed(f"{name} {_ADVICE}")
    process = await asyncio.create_subprocess_exec(
        program,
        *given,
        env=_surround(variables),
        stdin=DEVNULL,
        stdout=PIPE,
        stderr=PIPE,
        limit=_LINE_BYTES_MAX,
    )
    try:
        assert process.stdout is not None
        yield process.stdout
        _, said = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        raise DumpFailed(_find_trouble(name, said.decode(errors="replace")))


def _surround(variables: Mapping[str, str]) -> dict[str, str]:
    """Return all that the program sees of this process: its language is for `_find_trouble`."""
    return {"PATH": os.defpath, "LC_ALL": "C.UTF-8", **variables}


def _find_trouble(name: str, said: str) -> str:
    """Return the first line that names an error; the lines below it may quote a row."""
    errors = [line for line in said.splitlines() if "error:" in line]
    return errors[0].partition("DETAIL")[0] if errors else f"{name} failed"
