"""Reads what strace wrote down: each call of the kernel when it had ended, with its bytes.

What is sent counts from the moment when it is handed over, because it may leave at once.
"""

import re
from collections.abc import Iterable, Iterator

from msgspec import Struct

_LINE = re.compile(r"(\d+) +(?:<\.\.\. (\w+) resumed>)?(.*)", re.DOTALL)
_CALL = re.compile(r"(\w+)\((.*)\) += (-?\d+)", re.DOTALL)
_HEX = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
_OPENED = re.compile(r"\w+<([^>]*)>")
_NUMBER = re.compile(r"\b\d+\b")
_UNFINISHED = " <unfinished ...>\n"
_SENDING = ("sendto", "sendmsg", "sendfile")


class Call(Struct, frozen=True):
    """A call that succeeded: what it was done to, and with what bytes, paths, flags, numbers."""

    name: str
    #: The path of what was open, or the two ends of a connection.
    opened: str
    given: tuple[bytes, ...]
    flags: str
    numbers: tuple[int, ...]


def read_trace(lines: Iterable[str]) -> Iterator[Call]:
    """Yield the calls of all threads in the order in which they took effect."""
    begun: dict[str, str] = {}
    for line in lines:
        text = _complete(line, begun)
        call = _CALL.match(text)
        if call and not call[3].startswith("-"):
            yield _read_call(call[1], call[2])


def _complete(line: str, begun: dict[str, str]) -> str:
    """Return a call with its end; nothing for one that goes on in a later line of its thread."""
    found = _LINE.fullmatch(line)
    if found is None:
        return ""
    thread, resumed, text = found.groups()
    if not text.endswith(_UNFINISHED):
        return begun.pop(thread, "") + text if resumed else text
    text = text.removesuffix(_UNFINISHED)
    if text.startswith(_SENDING):
        return text + ") = 0"
    begun[thread] = text
    return ""


def _read_call(name: str, text: str) -> Call:
    given = tuple(_decode(found) for found in _HEX.findall(text))
    bare = _HEX.sub("", text)
    opened = _OPENED.match(bare)
    rest = bare[opened.end() :] if opened else bare
    numbers = tuple(int(number) for number in _NUMBER.findall(rest))
    where = opened[1] if opened else ""
    path = _decode(where).decode() if where.startswith("\\x") else where
    return Call(name, path, given, rest, numbers)


def _decode(text: str) -> bytes:
    return bytes.fromhex(text.replace("\\x", ""))
