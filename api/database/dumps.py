"""Dumps of a PostgreSQL database by its own programs; apart because they run as other processes.

Where the database is and the password go there as variables: a command line is everybody's to read.
"""

import asyncio
import os
import shutil
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Mapping
from pathlib import Path
from typing import Final
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
_ADVICE: Final = "is missing: install PostgreSQL's programs (Debian: postgresql-client)"


class DumpFailed(RuntimeError):
    """What the program said in its first line of trouble; never a value of a row."""


async def dump(dsn: str, target: Path) -> None:
    """Write one snapshot of a database into a file of PostgreSQL's custom format.

    Nobody who writes waits for it. Raises DumpFailed.
    """
    await _run("pg_dump", dsn, "--format=custom", "--no-password", f"--file={target}")


async def load_dump(dsn: str, source: Path) -> None:
    """Put a dump into an empty database, all of it or nothing; raises DumpFailed."""
    database = read_variables(dsn)["PGDATABASE"]
    all_or_nothing = ("--single-transaction", "--exit-on-error")
    given = (*all_or_nothing, "--no-owner", "--no-password", f"--dbname={database}", str(source))
    await _run("pg_restore", dsn, *given)


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


async def _run(name: str, dsn: str, *given: str) -> None:
    """Run a program to its end, and end it when nobody waits for it any more."""
    program = shutil.which(name)
    if program is None:
        raise DumpFailed(f"{name} {_ADVICE}")
    process = await asyncio.create_subprocess_exec(
        program, *given, env=_surround(read_variables(dsn)), stdin=DEVNULL, stderr=PIPE
    )
    try:
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
