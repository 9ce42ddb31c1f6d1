"""Documents that the register itself signs: grants, accounts of programs, and what integrators write without a key."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from api.database.engine import Engine
from api.ledger.keys import RegisterKeys
from sync.document import compose
from sync.messages import Item


class Composer:
    """Signs with the gateway key and counts its `seq`; one a process."""

    def __init__(self, log: str, keys: RegisterKeys, clock: Callable[[], int]) -> None:
        """Start counting at one; `resume` goes on from what the log holds."""
        self._log = log
        self._keys = keys
        self._clock = clock
        self._seq = 0

    async def resume(self, engine: Engine) -> None:
        """Go on after the last document that the log holds from this key."""
        async with engine.reading() as tx:
            row = await tx.one(
                'SELECT COUNT(*) FROM entries WHERE log = :log AND "by" = :kid',
                log=self._log,
                kid=self._keys.gateway_kid,
            )
        self._seq = int(row[0]) if row is not None else 0  # pyright: ignore[reportArgumentType]

    def compose(
        self,
        kind: str,
        body: Mapping[str, Any],
        *,
        place: str | None = None,
        document_id: UUID | None = None,
        revises: tuple[UUID, UUID] | None = None,
        after: Sequence[UUID] = (),
        disclosed: Mapping[str, Mapping[str, Any]] | None = None,
    ) -> Item:
        """Return a signed item; `revises` is (entity, base) for anything but a first revision."""
        self._seq += 1
        payload: dict[str, Any] = {
            "kind": kind,
            "log": self._log,
            "place": place or self._log,
            "seq": self._seq,
            "after": list(after),
            "body": body,
        }
        if document_id is not None:
            payload |= {"id": document_id, "entity": document_id}
        if revises is not None:
            payload |= {"entity": revises[0], "base": revises[1]}
        return compose(self._keys.gateway, payload, disclosed, now_ms=self._clock())
