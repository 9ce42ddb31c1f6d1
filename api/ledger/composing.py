"""Documents that the register signs: grants, programs' accounts, what they write."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Final, TypedDict, Unpack
from uuid import UUID

import msgspec

from api.database.engine import Engine
from api.ledger.backlog_store import list_held_payloads
from api.ledger.keys import RegisterKeys
from api.ledger.reading_store import find_number
from api.ledger.store import take_numbers
from sync.document import compose
from sync.messages import Item

#: More than a process signs before it ends; nine million starts fit into the numbers there are.
NUMBERS_A_PROCESS: Final = 1_000_000_000


class Frame(TypedDict, total=False):
    """What surrounds a body; `revises` is (entity, base) of anything but a first revision."""

    place: str
    document_id: UUID
    revises: tuple[UUID, UUID]
    after: Sequence[UUID]
    disclosed: Mapping[str, Mapping[str, Any]]


class _Counted(msgspec.Struct):
    by: str
    seq: int


class Composer:
    """Signs with the gateway key and counts its `seq`; one a process.

    What is refused leaves a hole in the count, as on a phone; no number stands in the log twice.
    """

    def __init__(self, log: str, keys: RegisterKeys, clock: Callable[[], int]) -> None:
        """Start counting at one; `resume` goes on from what the log holds."""
        self._log = log
        self._keys = keys
        self._clock = clock
        self._seq = 0

    async def resume(self, engine: Engine) -> None:
        """Go on after the highest number that the log or the backlog holds of this key.

        Where other processes sign with it too, each takes numbers of its own: a hole at its end.
        """
        kid = self._keys.gateway_kid
        if engine.is_shared:
            take = partial(take_numbers, log=self._log, kid=kid, count=NUMBERS_A_PROCESS)
            self._seq = await engine.write(take) - NUMBERS_A_PROCESS
            return
        async with engine.reading() as tx:
            logged = await find_number(tx, self._log, kid)
            held = await list_held_payloads(tx, self._log)
        counted = map(msgspec.json.Decoder(_Counted).decode, held)
        self._seq = max([logged, *(one.seq for one in counted if one.by == kid)])

    def compose(
        self,
        kind: str,
        body: Mapping[str, Any],
        **frame: Unpack[Frame],
    ) -> Item:
        """Return a signed item; what the frame leaves out is that of a first revision."""
        item = self.rehearse(kind, body, **frame)
        self._seq += 1
        return item

    def rehearse(self, kind: str, body: Mapping[str, Any], **frame: Unpack[Frame]) -> Item:
        """Return what would be composed, for a dry run: its number goes to the next document."""
        payload: dict[str, Any] = {
            "kind": kind,
            "log": self._log,
            "place": frame.get("place", self._log),
            "seq": self._seq + 1,
            "after": list(frame.get("after", ())),
            "body": body,
        }
        if "document_id" in frame:
            payload |= {"id": frame["document_id"], "entity": frame["document_id"]}
        if "revises" in frame:
            payload |= {"entity": frame["revises"][0], "base": frame["revises"][1]}
        disclosed = frame.get("disclosed")
        return compose(self._keys.gateway, payload, disclosed, now_ms=self._clock())
