"""Signed heads: made when asked and kept as long as the log does not move."""

from functools import lru_cache

from api.ledger.records import Head
from api.ledger.register import Register
from sync import receipts
from sync.instants import write_instant
from sync.keys import encode_base64url


def sign_current(register: Register, head: Head) -> str:
    """Return the signed head of a snapshot, as compact JWS."""
    return _sign(register, head)


@lru_cache(maxsize=64)
def _sign(register: Register, head: Head) -> str:
    claims = receipts.Head(
        register=register.register_id,
        log=register.log,
        pos=head.pos,
        chain=encode_base64url(head.chain),
        at=write_instant(register.clock()),
    )
    return receipts.sign_head(claims, register.keys.receipt)
