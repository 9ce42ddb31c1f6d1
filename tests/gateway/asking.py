"""What a program sends with curl: JSON under an Idempotency-Key. TEST DATA."""

from typing import Any
from uuid import UUID

import httpx

from sync.document import uuid7
from tests import makers
from tests.makers import SANGKAT_4, Fields
from tests.world import Device, World


async def ask(
    world: World,
    request: str,
    body: Any = None,
    *,
    by: Device | None = None,
    key: UUID | str | None = None,
    **headers: str,
) -> httpx.Response:
    """Send one plain write (`POST /v1/…`), under a fresh key unless one is given."""
    method, _, path = request.partition(" ")
    sent = {
        **(by or world.client).headers,
        "Idempotency-Key": str(key or uuid7()),
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    return await world.http.request(method, path, json=body, headers=sent)


def make_premises(**changes: Any) -> Fields:
    """Premises in Sangkat 4, with who answers for them in line."""
    contact = {"owner": {"name": "TEST DATA Owner", "phone": "+85512000001"}}
    return makers.make_premises(**{"place": SANGKAT_4, "contact": contact, **changes})


def make_stay(premises_id: UUID | str, **changes: Any) -> Fields:
    """A stay with name and document in line."""
    personal = {"identity": makers.make_identity(), "document": makers.make_document()}
    return makers.make_stay(premises_id, **{**personal, **changes})


async def declare_premises(world: World, **changes: Any) -> UUID:
    answer = await ask(world, "POST /v1/premises", make_premises(**changes))
    assert answer.status_code == 201, answer.text
    return UUID(answer.json()["view"]["id"])


async def declare_stay(world: World, premises_id: UUID | str, **changes: Any) -> UUID:
    answer = await ask(world, "POST /v1/stays", make_stay(premises_id, **changes))
    assert answer.status_code == 201, answer.text
    return UUID(answer.json()["view"]["id"])


async def list_entries(world: World) -> list[tuple[Any, ...]]:
    """Return (pos, id, kind, entity) of the whole log."""
    async with world.register.engine.reading() as tx:
        return await tx.all("SELECT pos, id, kind, entity FROM entries ORDER BY pos")
