"""A document becomes an entry: its position, its link of the chain, its signed receipt."""

from uuid import UUID

from api.ledger.keys import RegisterKeys
from api.ledger.records import Entry, Head, Judged, Prepared
from sync.chain import next_link
from sync.instants import write_instant
from sync.keys import encode_base64url
from sync.receipts import Receipt, sign_receipt


def make_entry(
    log: str, head: Head, prepared: Prepared, judged: Judged, author: UUID, *, keys: RegisterKeys
) -> Entry:
    """Return the entry that follows the head of a log."""
    document = prepared.document
    pos = head.pos + 1
    chain = next_link(head.chain, pos, document.id, document.hash, received_ms=head.received_ms)
    receipt = Receipt(
        register=keys.gateway_kid,
        id=document.id,
        hash=encode_base64url(document.hash),
        kind=document.payload.kind,
        log=log,
        pos=pos,
        chain=encode_base64url(chain),
        received_at=write_instant(head.received_ms),
        grade=judged.grade,
    )
    return Entry(
        prepared=prepared,
        pos=pos,
        chain=chain,
        received_ms=head.received_ms,
        author=author,
        grade=judged.grade,
        receipt=sign_receipt(receipt, keys.receipt),
    )
