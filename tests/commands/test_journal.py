"""The log is JSON, an object a line, and quotes nobody."""

import json
import logging
from typing import Any

from api.commands.journal import JsonLines

NAME = "TEST DATA Name"


def write(name: str, message: str, *values: object, **extra: Any) -> dict[str, Any]:
    """Return what stands in the log about a failure that quotes a name."""
    failure = RuntimeError(f"{NAME}\n{NAME}")
    try:
        int(NAME)
    except ValueError as error:
        failure = failure.with_traceback(error.__traceback__)
        failure.__cause__ = error
    about = (RuntimeError, failure, failure.__traceback__)
    record = logging.LogRecord(name, logging.ERROR, __file__, 1, message, values, about)
    vars(record).update(extra)
    line = JsonLines().format(record)
    assert "\n" not in line
    assert NAME not in line
    return json.loads(line)


def test_a_defect_is_one_line_with_the_way_to_it_and_without_values():
    line = write("sangkat", "defect", request_id="019c", operation="stays.read", person=NAME)
    assert (line["level"], line["message"]) == ("error", "defect")
    assert (line["request_id"], line["operation"]) == ("019c", "stays.read")
    assert [one["type"] for one in line["errors"]] == ["RuntimeError", "ValueError"]
    assert line["errors"][0]["frames"][0].startswith("test_journal.py:")


def test_what_a_library_fills_in_stays_out():
    assert write("asyncio", f"Task failed\nfuture: <{NAME}>")["message"] == "Task failed"
    assert write("uvicorn.error", "lost %s", NAME)["message"] == "lost %s"
