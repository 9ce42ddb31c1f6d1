"""Puts down what somebody sends who signed in, as far as his day has room for it."""

from collections.abc import Sequence

from api.ledger.group import Outcome, Sent
from api.ledger.meter import allow_bytes
from api.register import Register
from api.sessions.records import Principal
from sync.custody import Held, Later, Rejected, Stored
from sync.messages import Item


async def submit_as(
    register: Register, principal: Principal, sent: Sequence[Sent], *, dry_run: bool
) -> list[Outcome]:
    """Return one outcome a document; what the day has no room for is for later.

    What leaves nothing behind, as a duplicate does, is not counted.
    """
    if dry_run:
        return await register.committer.submit(sent, dry_run=True)
    now_ms, bytes_max = register.clock(), allow_bytes(principal.role, principal.state)
    sizes = [_size_of(one.prepared.document.item) for one in sent]
    taken = register.meter.take(principal.account_id, sizes, bytes_max=bytes_max, now_ms=now_ms)
    unused = sum(taken)
    try:
        outcomes = await register.committer.submit(sent[: len(taken)])
        kept = zip(taken, outcomes, strict=True)
        unused -= sum(size for size, outcome in kept if _leaves_something(outcome))
    finally:
        register.meter.give_back(principal.account_id, unused, now_ms)
    return outcomes + [Outcome(Later("quota"))] * (len(sent) - len(taken))


def _size_of(item: Item) -> int:
    texts = (item.payload, *(item.disclosures or {}).values())
    return sum(len(text.encode()) for text in texts)


def _leaves_something(outcome: Outcome) -> bool:
    match outcome.decision:
        case Stored() | Rejected():
            return True
        case Held(is_new=is_new):
            return is_new
        case _:
            return False
