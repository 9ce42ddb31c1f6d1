"""What the server's log says: one JSON object a line, of fields that hold nobody's values.

The text of an exception may quote what somebody sent, so only its type and the way to it are
written. Messages of libraries are cut to their template, without what was filled in.
"""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any, Final

import msgspec

from api.traffic import LOGGER_NAME

_OURS: Final = "sangkat"
_FIELDS: Final = (
    "request_id",
    "operation",
    "document",
    "code",
    "count",
    "status",
    "milliseconds",
    "bytes",
    "role",
)
_MESSAGE_MAX: Final = 200
_CAUSES_MAX: Final = 8
_FRAMES_MAX: Final = 100


def keep_journal() -> None:
    """Write every warning and error of this process as lines of JSON to standard error."""
    lines = logging.StreamHandler()
    lines.setFormatter(JsonLines())
    logging.basicConfig(handlers=[lines], level=logging.WARNING)


def keep_requests() -> None:
    """Write a line for every request as well."""
    logging.getLogger(LOGGER_NAME).setLevel(logging.INFO)


class JsonLines(logging.Formatter):
    """Writes a record as one line."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line; what a log call gives in `extra` is written when it is a known field."""
        message = record.getMessage() if record.name == _OURS else str(record.msg)
        known = {name: getattr(record, name) for name in _FIELDS if hasattr(record, name)}
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": next(iter(message.strip().splitlines()), "")[:_MESSAGE_MAX],
            **{name: value for name, value in known.items() if value is not None},
        }
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            line["errors"] = _describe(error)
        return msgspec.json.encode(line, enc_hook=str).decode()


def _describe(error: BaseException) -> list[dict[str, Any]]:
    """Return the type and the frames of an exception and of what caused it, the outermost first."""
    described: list[dict[str, Any]] = []
    current: BaseException | None = error
    while current is not None and len(described) < _CAUSES_MAX:
        described.append({"type": type(current).__name__, "frames": _frames(current.__traceback__)})
        current = current.__cause__ or current.__context__
    return described


def _frames(traceback: TracebackType | None) -> list[str]:
    return list(islice(_walk(traceback), _FRAMES_MAX))


def _walk(traceback: TracebackType | None) -> Iterator[str]:
    while traceback is not None:
        code = traceback.tb_frame.f_code
        yield f"{Path(code.co_filename).name}:{traceback.tb_lineno} {code.co_name}"
        traceback = traceback.tb_next
