"""What lost and stolen keys sent: an officer reads it, and adopts or discards it with a reason."""

from typing import Any, Final
from uuid import UUID

import msgspec
from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from api.accounts.records import DeviceRow
from api.accounts.store import list_devices
from api.audit.records import Action
from api.database.engine import Transaction
from api.ledger.bodies import read_struct
from api.ledger.shapes import PLAIN, Shape, keep
from api.problems import NotFound, Unprocessable
from api.quarantine import store
from api.quarantine.records import Judging, Quarantined, Settled, Verdict
from api.quarantine.store import Waiting
from api.submitting import submit
from api.views.looking import note_look
from api.views.reading import Reading
from sync.document import Document
from sync.instants import write_instant
from sync.keys import encode_base64url
from sync.messages import FieldError

_ACTIONS: Final[dict[Verdict, Action]] = {
    "adopt": "quarantine.adopt",
    "discard": "quarantine.discard",
}


class QuarantineController(Controller):
    """Documents in quarantine in the officer's places."""

    path = "/v1/quarantine"

    @get(opt={"operation": "quarantine.read"})
    async def list_quarantined(self, reading: NamedDependency[Reading]) -> list[Quarantined]:
        """Return what is in quarantine, longest held first."""
        found = await reading.register.engine.read(lambda tx: _list(tx, reading))
        if found:
            await _note(reading, "quarantine.read", None, "")
        return found

    @post(
        "/{held_id:uuid}",
        opt={"operation": "quarantine.judge", "content": Judging},
        status_code=200,
    )
    async def judge(
        self,
        reading: NamedDependency[Reading],
        held_id: FromPath[UUID],
        data: JSONBody[dict[str, Any]],
    ) -> Settled:
        """Adopt or discard a document: the verdict is an entry of the log, and final.

        The body is read after the scope, so that nobody learns from it what is there.
        """
        register = reading.register
        found = await register.engine.read(lambda tx: _list(tx, reading))
        seen = [one for one in found if one.document_id == held_id]
        if not seen:
            raise NotFound
        judging = _read_judging(data)
        wanted = next((one for one in seen if one.document_hash == judging.document_hash), None)
        if wanted is None:
            raise Unprocessable("schema", errors=(FieldError("/document_hash", "field.value"),))
        body = {
            "document_id": held_id,
            **msgspec.structs.asdict(judging),
            "attested_by": "register",
            "on_behalf_of": reading.principal.account_id,
        }
        await _note(reading, _ACTIONS[judging.verdict], held_id, judging.reason)
        item = register.composer.compose("adoption", body, place=wanted.place)
        await submit(register, [item])
        digest = judging.document_hash
        return await register.engine.read(
            lambda tx: store.find_settled(tx, register.log, held_id, digest)
        )


def _read_judging(data: dict[str, Any]) -> Judging:
    judging = read_struct(data, Judging, "")
    if isinstance(judging, FieldError):
        raise Unprocessable("schema", errors=(judging,))
    return judging


async def _note(reading: Reading, action: Action, subject: UUID | None, reason: str) -> None:
    register = reading.register
    await note_look(register, reading.principal, action, subject, reason)


async def _list(tx: Transaction, reading: Reading) -> list[Quarantined]:
    log, places, shapes = reading.register.log, reading.scope.places, reading.register.shapes
    inside = await store.list_waiting(tx, log, places)
    kids = sorted({one.document.kid for one in inside})
    devices = {device.kid: device for device in await list_devices(tx, log, kids)}
    return [
        _describe(one, devices[one.document.kid], shapes.get(one.document.payload.kind, PLAIN))
        for one in inside
    ]


def _describe(waiting: Waiting, device: DeviceRow, shape: Shape) -> Quarantined:
    document: Document = waiting.document
    payload = document.payload
    return Quarantined(
        document_id=payload.id,
        document_hash=encode_base64url(document.hash),
        kind=payload.kind,
        entity=payload.entity,
        place=payload.place,
        author=device.account_id,
        held_at=write_instant(waiting.held_ms),
        revoked_at=write_instant(device.revoked_ms or 0),
        revocation_reason=device.revocation_reason or "lost",
        body=keep(document.body, shape),
    )
