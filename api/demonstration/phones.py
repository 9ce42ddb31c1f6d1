"""A phone of the demonstration: a key, the account it opens, and the documents it signs."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from sync.document import compose, uuid7
from sync.keys import new_private_key, public_jwk
from sync.messages import Item


class Signed(Struct, frozen=True):
    """A document and the id by which others refer to it."""

    id: UUID
    kind: str
    item: Item


class Phone:
    """Signs for one person; `seq` counts as on a real phone."""

    def __init__(self, log: str, now_ms: int) -> None:
        """Make a key and the id of the account that it will open."""
        self._key = new_private_key()
        self._log = log
        self._seq = 0
        self.account_id = uuid7(now_ms)

    def register(self, contact: Mapping[str, Any], now_ms: int, **body: str) -> Signed:
        """Open the account; `body` gives capacity, language and perhaps an invitation."""
        jwk = msgspec.to_builtins(public_jwk(self._key))
        return self.sign(
            "account",
            {"jwk": jwk, **body},
            now_ms,
            id=self.account_id,
            entity=self.account_id,
            disclosed={"contact": contact},
        )

    def sign(
        self,
        kind: str,
        body: Mapping[str, Any],
        now_ms: int,
        *,
        disclosed: Mapping[str, Any] | None = None,
        **payload: Any,
    ) -> Signed:
        """Sign a document; `payload` gives place, id, entity, base, after where they matter."""
        self._seq += 1
        document_id: UUID = payload.get("id") or uuid7(now_ms)
        known = {
            "kind": kind,
            "log": self._log,
            "place": self._log,
            "seq": self._seq,
            "body": body,
            "id": document_id,
            "entity": document_id,
        }
        given = {name: value for name, value in (disclosed or {}).items() if value is not None}
        return Signed(document_id, kind, compose(self._key, known | payload, given, now_ms=now_ms))

    def correct(
        self, stay: UUID, base: UUID, patch: Mapping[str, Any], now_ms: int, place: str
    ) -> Signed:
        """Correct a stay as it stood at a revision."""
        return self.sign("stay", patch, now_ms, place=place, entity=stay, base=base, after=[base])

    def act(self, kind: str, on: UUID, body: Mapping[str, Any], now_ms: int, place: str) -> Signed:
        """Judge or end the first revision of an entity."""
        return self.sign(kind, body, now_ms, place=place, entity=on, base=on, after=[on])
