"""What anyone may check: the state of the register, receipts again, and signed heads."""

from uuid import UUID

from litestar import Controller, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Struct

from api.blobs.records import BLOB_BYTES_MAX, PART_BYTES_MAX
from api.ledger.keys import ReceiptKey
from api.ledger.meter import PERSON_BYTES_A_DAY, UNVERIFIED_BYTES_A_DAY
from api.ledger.reading_store import read_head
from api.problems import NotFound
from api.register import Register
from api.sessions.records import Principal
from api.sessions.rules import make_nonce
from api.views.scopes import find_own_receipt, scope_of
from sync.instants import write_instant
from sync.messages import HAVE_MAX, PAYLOAD_BYTES_MAX, PUSH_BYTES_MAX, PUSH_ITEMS_MAX

OLDEST_CLIENT = "0.1.0"


class Limits(Struct, frozen=True):
    """What a request may hold, and an account put down a day."""

    payload_bytes: int = PAYLOAD_BYTES_MAX
    push_items: int = PUSH_ITEMS_MAX
    push_bytes: int = PUSH_BYTES_MAX
    have: int = HAVE_MAX
    bytes_a_day: int = PERSON_BYTES_A_DAY
    unverified_bytes_a_day: int = UNVERIFIED_BYTES_A_DAY
    blob_bytes: int = BLOB_BYTES_MAX
    blob_part_bytes: int = PART_BYTES_MAX


class LogInfo(Struct, frozen=True):
    """A log that this register keeps."""

    log: str
    name: dict[str, str | None]
    head: str


class Info(Struct, frozen=True):
    """What a device must know before it talks; the nonce is for signing in within 120 seconds."""

    register: str
    server_time: str
    nonce: str
    limits: Limits
    versions: dict[str, list[int]]
    oldest_client: str
    receipt_keys: list[ReceiptKey]
    logs: list[LogInfo]


class ReceiptAnswer(Struct, frozen=True):
    """A stored receipt."""

    receipt: str


class HeadAnswer(Struct, frozen=True):
    """Where a log ends, signed."""

    log: str
    head: str


class ProofsController(Controller):
    """Proofs."""

    path = "/v1"

    @get("/sync/info", opt={"operation": "sync.info"})
    async def info(self, register: NamedDependency[Register]) -> Response[Info]:
        """Return server time, limits, versions, receipt keys and a nonce."""
        async with register.engine.reading() as tx:
            head = await read_head(tx, register.log)
        now_ms = register.clock()
        info = Info(
            register=register.register_id,
            server_time=write_instant(now_ms),
            nonce=make_nonce(register.keys.nonce_key, now_ms),
            limits=Limits(),
            versions={"document": [1]},
            oldest_client=OLDEST_CLIENT,
            receipt_keys=list(register.keys.published),
            logs=[LogInfo(register.log, dict(register.name), register.heads.sign(head))],
        )
        return Response(info, headers={"Cache-Control": "no-store"})

    @get("/logs/{log:str}/head", opt={"operation": "sync.head"})
    async def head(self, register: NamedDependency[Register], log: FromPath[str]) -> HeadAnswer:
        """Return the signed head of a log."""
        if log != register.log:
            raise NotFound
        async with register.engine.reading() as tx:
            current = await read_head(tx, log)
        return HeadAnswer(log, register.heads.sign(current))

    @get("/receipts/{document_id:uuid}", opt={"operation": "receipts.read"})
    async def receipt(
        self,
        register: NamedDependency[Register],
        principal: NamedDependency[Principal],
        document_id: FromPath[UUID],
    ) -> ReceiptAnswer:
        """Return the stored receipt of a document in the caller's scope, or of his own."""
        async with register.engine.reading() as tx:
            scope = scope_of(principal, register.log, register.places, register.clock())
            receipt = await find_own_receipt(
                tx, register.log, scope, principal.account_id, document_id
            )
        return ReceiptAnswer(receipt)
