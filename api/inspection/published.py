"""Whether the published receipt keys are those that signed the log, for as long as they did."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from api.inspection.records import Logged
from api.ledger.clock import JUMP_MS
from api.ledger.keys import ReceiptKey, find_contradictions
from sync.instants import read_instant
from sync.keys import decode_base64url

_KID: Final = re.compile(r"[\w-]{43}", re.ASCII)


class Published:
    """Gathers who signed what, entry after entry."""

    def __init__(self, keys: Sequence[ReceiptKey], current: str) -> None:
        """Begin before the first entry; `current` is the `kid` of the key in use."""
        self._keys = keys
        self._current = current
        self._spans: dict[str, list[tuple[int, int | None]]] = {}
        for key in keys:
            span = _find_span(key)
            self._spans.setdefault(key.kid, []).extend([] if span is None else [span])
        self._signed: set[str] = set()
        self._outside: dict[str, int] = {}

    def note(self, logged: Logged) -> None:
        """Remember who signed the receipt of an entry, whether or not it holds."""
        kid = _find_kid(logged.receipt)
        if kid is None:
            return
        self._signed.add(kid)
        spans = self._spans.get(kid, ())
        if not any(_covers(span, logged.received_ms) for span in spans):
            self._outside.setdefault(kid, logged.pos)

    def find_wrong(self) -> Iterator[str]:
        """Return one line for each thing that is wrong with what is published."""
        yield from find_contradictions(self._keys)
        if not self._keys or self._keys[0].kid != self._current:
            yield f"receipt key {self._current} is in use and not published as the one that is"
        for kid, pos in self._outside.items():
            if kid not in self._spans:
                yield f"receipt key {kid} is not published and signed entry {pos}"
            elif self._spans[kid]:
                yield f"receipt key {kid} signed entry {pos} when it was not in use, as published"
        yield from self._check_first()

    def _check_first(self) -> Iterator[str]:
        """The first key signed the register's own account; later ones may have signed nothing."""
        if self._keys and self._signed:
            first = self._keys[-1].kid
            if first != self._current and first not in self._signed:
                yield f"receipt key {first!r} is published as the first and signed nothing"


def _find_span(key: ReceiptKey) -> tuple[int, int | None] | None:
    try:
        until = None if key.valid_until is None else read_instant(key.valid_until)
        return read_instant(key.valid_from), until
    except ValueError:
        return None


def _covers(span: tuple[int, int | None], ms: int) -> bool:
    """Compare with as much room as the register's clock may be set back by in good faith."""
    start, end = span
    return start - JUMP_MS <= ms and (end is None or ms <= end + JUMP_MS)


class _Header(msgspec.Struct):
    kid: str


def _find_kid(receipt: str) -> str | None:
    """Return the key that a receipt names, if it can be one's name."""
    try:
        head = decode_base64url(receipt.partition(".")[0])
        kid = msgspec.json.decode(head, type=_Header).kid
    except (ValueError, AttributeError):
        return None
    return kid if _KID.fullmatch(kid) else None
