"""Signed heads: made when asked, and kept as long as the log does not move."""

from collections.abc import Callable

from api.ledger.keys import RegisterKeys
from api.ledger.records import Head
from sync import receipts
from sync.instants import write_instant
from sync.keys import encode_base64url


class HeadSigner:
    """Signs where a log ends; a reader of an older snapshot gets that snapshot's head."""

    def __init__(self, log: str, keys: RegisterKeys, clock: Callable[[], int]) -> None:
        """Sign for one log."""
        self._log = log
        self._keys = keys
        self._clock = clock
        self._last: tuple[Head, str] | None = None

    def sign(self, head: Head) -> str:
        """Return the signed head as compact JWS."""
        if self._last is not None and self._last[0] == head:
            return self._last[1]
        claims = receipts.Head(
            register=self._keys.gateway_kid,
            log=self._log,
            pos=head.pos,
            chain=encode_base64url(head.chain),
            at=write_instant(self._clock()),
        )
        signed = receipts.sign_head(claims, self._keys.receipt)
        self._last = (head, signed)
        return signed
