"""What a device sends and asks next, and how long it waits; what answers do is in replica.py."""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from sync.messages import HAVE_MAX, PUSH_BYTES_MAX
from sync.states import Replica, Row, find_registration

RETRY_FIRST_MS: Final = 2_000
RETRY_MAX_MS: Final = 5 * 60 * 1000
RETRY_AFTER_SECONDS_MAX: Final = 3600
_DOUBLINGS_MAX: Final = 20
# `{"items":[]}` around a batch; each item has a comma after it.
_FRAME_BYTES: Final = 12


def next_batch(replica: Replica, now_ms: int) -> tuple[Row, ...]:
    """Return what to send now, in order [S1]; a registration goes alone, to `/v1/devices`."""
    if not is_due(replica.link.not_before_ms, now_ms):
        return ()
    registration = find_registration(replica)
    if registration is not None and registration.state not in ("received", "confirmed", "summary"):
        is_sendable = registration.state == "queued" and is_due(registration.not_before_ms, now_ms)
        return (registration,) if is_sendable else ()
    due = (
        row
        for row in replica.rows.values()
        if row.state == "queued" and is_due(row.not_before_ms, now_ms)
    )
    return _fill(due, replica.link.batch_items_max)


def list_have(replica: Replica) -> tuple[UUID, ...]:
    """Return the ids to ask about with a pull [P1]: received but not confirmed, then held."""
    received = [row.id for row in replica.rows.values() if row.state == "received"]
    held = [row.id for row in replica.rows.values() if row.state == "held"]
    return tuple(received + held)[:HAVE_MAX]


def retry_delay_ms(failures: int, random: float, retry_after_seconds: int | None = None) -> int:
    """Return the full-jitter delay after so many failures [S6]; `random` is in [0, 1)."""
    ceiling = min(RETRY_MAX_MS, RETRY_FIRST_MS * 2 ** (min(failures, _DOUBLINGS_MAX) - 1))
    return told_delay_ms(retry_after_seconds) + int(random * ceiling)


def told_delay_ms(retry_after_seconds: int | None) -> int:
    """Return how long the server said to wait, and no longer than this device would."""
    return max(0, min(retry_after_seconds or 0, RETRY_AFTER_SECONDS_MAX)) * 1000


def is_due(not_before_ms: int, now_ms: int) -> bool:
    """Say whether a delay is over by the device's clock."""
    # A clock that was set back must not hold anything for years: no delay is longer than this.
    longest = RETRY_AFTER_SECONDS_MAX * 1000 + RETRY_MAX_MS
    return not 0 < not_before_ms - now_ms <= longest


def _fill(rows: Iterable[Row], items_max: int) -> tuple[Row, ...]:
    batch: list[Row] = []
    size = _FRAME_BYTES
    for row in rows:
        size += row.size + 1
        if len(batch) == items_max or (batch and size > PUSH_BYTES_MAX):
            break
        batch.append(row)
    return tuple(batch)
