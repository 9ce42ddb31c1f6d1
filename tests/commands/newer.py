"""Runs `sangkat` as a version with one migration more, so that any data there are become older."""

import shutil
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from api.__main__ import main
from api.database import migrate
from tests.forking import Run

NAME = "9999-newer.sql"
HARMLESS = "CREATE TABLE newer (log TEXT NOT NULL, name TEXT NOT NULL, PRIMARY KEY (log, name));"


def make_newer(sql: str = HARMLESS) -> Run:
    """Return the program with this migration besides."""
    return partial(_run, sql)


def _run(sql: str, arguments: list[str]) -> int:
    with TemporaryDirectory() as place:
        folder = Path(shutil.copytree(migrate.MIGRATIONS_DIR, Path(place, "migrations")))
        (folder / NAME).write_text(f"-- For tests.\n{sql}\n")
        migrate.MIGRATIONS_DIR = folder
        return main(arguments)
