"""Writes api/schema/examples.json anew from a real run: `python -m tests.schema.make_examples`.

Signatures and salts are random, so the file changes with every run; it is made when a form changes.
TEST DATA.
"""

import asyncio
import json
import tempfile
from pathlib import Path
from typing import Any

import msgspec

from api.schema import document
from sync.document import uuid7
from sync.keys import public_jwk
from tests import makers
from tests.gateway.asking import ask, make_premises, make_stay
from tests.world import Device, World, expect, open_world

EXAMPLES = Path(document.__file__).parent / "examples.json"
PAPER = {"unlocked_by": "none", "identity": makers.make_signer(witness="TEST DATA Witness")}
DEPARTURE = {"left_on": "2026-03-01", "reason": "left_country"}


async def make() -> dict[str, list[Any]]:
    with tempfile.TemporaryDirectory() as folder:
        async with open_world(Path(folder)) as world:
            return {**await make_signed(world), **await make_plain(world)}


async def make_signed(world: World) -> dict[str, list[Any]]:
    """A phone registers itself and sends premises and a stay."""
    owner = Device(world.http, world.clock)
    body = {
        "jwk": msgspec.to_builtins(public_jwk(owner.key)),
        "capacity": "owner",
        "language": "km",
    }
    contact = {"contact": makers.make_contact()}
    account = owner.compose(
        "account", body, place=makers.LOG, id=owner.account_id, disclosed=contact
    )
    registration = {"registration": msgspec.to_builtins(account)}
    device = expect(await world.http.post("/v1/devices", json=registration))
    await owner.sign_in()
    premises_id = await owner.send_premises()
    stay_id = await owner.send_stay(premises_id)
    items = [msgspec.to_builtins(owner.sent[one]) for one in (premises_id, stay_id)]
    pulling = {"cursor": None, "have": [str(stay_id)], "limit": 200, "wait": 0}
    return {
        "Registration": [registration],
        "DeviceAnswer": [device],
        "Item": items,
        "PushRequest": [{"items": items}],
        "PushAnswer": [expect(await owner.post("/v1/sync/push", {"items": items}))],
        "PullRequest": [pulling],
        "PullAnswer": [expect(await owner.post("/v1/sync/pull", pulling))],
    }


async def make_plain(world: World) -> dict[str, list[Any]]:
    """A program declares premises and stays, corrects one and follows the log."""
    premises = make_premises()
    premises_id = expect(await ask(world, "POST /v1/premises", premises))["id"]
    stay = make_stay(premises_id)
    written = expect(await ask(world, "POST /v1/stays", stay))
    row = {"idempotency_key": str(uuid7()), **stay}
    batch = {"rows": [row, {**row, "idempotency_key": str(uuid7()), "arrived_on": "2026-13-01"}]}
    refused = await ask(world, "POST /v1/stays", {**stay, "arrived_on": "2026-13-01"})
    return {
        "PremisesContent": [premises],
        "StayContent": [stay],
        "StayPatch": [{"unit": "14", "visa": {"expires_on": "2027-06-30"}}],
        "StayRow": [row],
        "Batch": [batch],
        "BatchAnswer": [expect(await ask(world, "POST /v1/stays/batch", batch))],
        "DeclarationContent": [makers.make_declaration(premises_id, uuid7())],
        "PledgeContent": [
            {**makers.make_pledge(premises_id, uuid7()), **PAPER},
        ],
        "DepartureContent": [DEPARTURE],
        "WithdrawalContent": [{"reason": "entered_twice"}],
        "Written": [written],
        "FeedAnswer": [await world.client.read("/v1/feed", limit=2)],
        "Problem": [refused.json()],
    }


def main() -> None:
    examples = asyncio.run(make())
    EXAMPLES.write_text(json.dumps(examples, ensure_ascii=False, indent=1) + "\n")


if __name__ == "__main__":
    main()
