"""How a command ends: the exit codes of wire.md, and one line that says why."""

import sqlite3
from typing import Final, cast

from api.database.engine import Unreachable
from api.problems import FULL_DISK, Refusal, StorageFull

DONE: Final = 0
REFUSED: Final = 1
WRONG_USE: Final = 2
LATER: Final = 75
#: What a shell says of a command that Ctrl-C ended.
INTERRUPTED: Final = 130


_PASSING: Final = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_IOERR_WRITE)


Failure = OSError | sqlite3.Error | Refusal | Unreachable


class Stopped(Exception):
    """The command cannot go on; its text is the one line for the person who typed it."""

    def __init__(self, why: str, exit_code: int = REFUSED) -> None:
        """Say why, and with which code the command ends."""
        super().__init__(why)
        self.exit_code = exit_code


def find_cause(error: Exception) -> Exception:
    """Return the first failure in a group of them, or the error itself."""
    cause = error
    while isinstance(cause, ExceptionGroup):
        group = cast("ExceptionGroup[Exception]", cause)
        cause = group.exceptions[0]
    return cause


def describe_failure(error: Failure) -> Stopped:
    """Say in one line what the machine, or the register, refused; a full disk may have space later.

    SQLite's own words name no value of a row.
    """
    match error:
        case StorageFull():
            said, may_pass = "the disk is full: make space there and try again", True
        case OSError(errno=number, strerror=why, filename=file):
            said, may_pass = why or str(error), number in FULL_DISK
            said = f"{file}: {said}" if file else said
        case sqlite3.Error():
            said = f"the database: {error}"
            may_pass = getattr(error, "sqlite_errorcode", None) in _PASSING
        case Unreachable():
            said, may_pass = str(error), error.may_pass
        case _:
            said, may_pass = f"{error.code}: {error.title}", error.retryable
    return Stopped(said, _code(may_pass))


def _code(may_pass: bool) -> int:
    return LATER if may_pass else REFUSED
