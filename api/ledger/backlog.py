"""What waits, as one group sees it: for what it misses, or for what an officer says."""

from collections.abc import Iterable, Sequence
from typing import Final
from uuid import UUID

from api.database.engine import Transaction
from api.ledger import backlog_store
from api.ledger.records import Key, Prepared, Pusher

HELD_MAX: Final = 500


class Backlog:
    """Which documents wait already, which wait from now on, and which leave; written at the end."""

    def __init__(self) -> None:
        """Start with nothing known."""
        self._waiting: set[Key] = set()
        self._new: dict[Key, tuple[Prepared, tuple[UUID, ...], Pusher]] = {}
        self._counts: dict[Pusher, int] = {}
        self._left: list[Key] = []
        self._moved: dict[Key, tuple[backlog_store.Reason, UUID]] = {}

    async def load(self, tx: Transaction, log: str, ids: Sequence[UUID]) -> None:
        """Learn what waits under these ids."""
        self._waiting |= await backlog_store.find_held(tx, log, ids)

    async def count(self, tx: Transaction, log: str, pushers: Iterable[Pusher]) -> None:
        """Learn how much waits for those who send something that will have to wait."""
        new = [pusher for pusher in set(pushers) if pusher not in self._counts]
        if new:
            counts = await backlog_store.count_held(tx, log, new)
            self._counts |= {pusher: counts.get(pusher, 0) for pusher in new}

    def holds(self, key: Key) -> bool:
        """Say whether these bytes wait."""
        return key in self._waiting

    def hold(self, prepared: Prepared, missing: tuple[UUID, ...], pusher: Pusher) -> bool:
        """Let a document wait; False when its sender has too much waiting."""
        if self._counts.get(pusher, 0) >= HELD_MAX:
            return False
        key = prepared.document.id, prepared.document.hash
        self._waiting.add(key)
        self._new[key] = (prepared, missing, pusher)
        self._counts[pusher] = self._counts.get(pusher, 0) + 1
        return True

    def find_new(self, key: Key) -> Prepared | None:
        """Return a document that waits since this group."""
        found = self._new.get(key)
        return None if found is None else found[0]

    def complete(self, key: Key, prepared: Prepared) -> None:
        """Keep a document that waits since this group as it is now."""
        self._new[key] = (prepared, *self._new[key][1:])

    def quarantine(self, key: Key) -> None:
        """Let a document that misses nothing more wait for an officer."""
        if key in self._new:
            prepared, _, pusher = self._new[key]
            self._new[key] = (prepared, (), pusher)
        else:
            self._moved[key] = ("quarantine", key[0])

    def postpone(self, key: Key, account_id: UUID) -> bool:
        """Let a document that its sender left here wait until its author is verified.

        False for what came with this group: its sender still has it.
        """
        if key in self._new or key not in self._waiting:
            return False
        self._moved[key] = ("quota", account_id)
        return True

    def leave(self, key: Key) -> None:
        """Let a document go: it is in the log now, or refused."""
        if self._new.pop(key, None) is None:
            self._left.append(key)

    async def find_ready(
        self, tx: Transaction, log: str, arrived: Sequence[UUID]
    ) -> list[backlog_store.Waiting]:
        """Return what waited for these before this group, and has not left."""
        waiting = await backlog_store.list_waiting(tx, log, arrived)
        return [one for one in waiting if one.key not in self._left]

    def list_new(self) -> list[tuple[Prepared, Pusher]]:
        """Return what waits since this group, with who sent it."""
        return [(prepared, pusher) for prepared, _, pusher in self._new.values()]

    async def write(self, tx: Transaction, log: str, now_ms: int) -> None:
        """Write who came, who left, and who waits for something else."""
        await backlog_store.hold(tx, log, list(self._new.values()), now_ms)
        await backlog_store.move(tx, log, self._moved)
        await backlog_store.release(tx, log, self._left)
