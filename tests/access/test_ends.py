"""A role given until an instant ends then: nothing is read or written, nobody signs in."""

import json
from typing import Any

import msgspec
import pytest

from sync.keys import public_jwk
from tests import makers
from tests.makers import SANGKAT_4
from tests.world import SCOPES, Device, World

ENDS_AT = "2026-03-02T03:05:00.000Z"
MINUTES_UNTIL = 5


async def give_role(world: World, role: str) -> Device:
    """Return somebody with a role for five minutes, signed in, as the register's grant says."""
    device = Device(world.http, world.clock, "program" if role == "client" else "phone")
    composer = world.register.composer
    account: dict[str, Any] = {
        "jwk": msgspec.to_builtins(public_jwk(device.key)),
        "capacity": "client" if role == "client" else "officer",
        "language": "en",
    }
    contact = {"contact": makers.make_contact("TEST DATA visitor", "")}
    rights: dict[str, Any] = {
        "account_id": str(device.account_id),
        "role": role,
        "places": [SANGKAT_4],
        "scopes": [*SCOPES] if role == "client" else [],
        "expires_at": ENDS_AT,
    }
    await world.submit(
        composer.compose("account", account, document_id=device.account_id, disclosed=contact),
        composer.compose("grant", rights, after=[device.account_id]),
    )
    await device.sign_in()
    return device


@pytest.mark.parametrize("role", ["officer", "client", "node"])
async def test_a_role_ends_when_it_was_said_to(world: World, role: str):
    await world.owner.send_stay(await world.owner.send_premises())
    visitor = await give_role(world, role)
    pulled = await visitor.post("/v1/sync/pull", {"limit": 500})
    assert "ERIKSSON" in pulled.text
    world.clock.move(minutes=MINUTES_UNTIL)
    for path in ("/v1/stays", "/v1/premises", "/v1/feed"):
        assert (await visitor.get(path)).status_code == 401
    assert (await visitor.post("/v1/sync/pull", {"limit": 500})).status_code == 401
    with pytest.raises(AssertionError) as refusal:
        await visitor.sign_in()
    assert json.loads(str(refusal.value).splitlines()[0])["code"] == "not-allowed"


async def test_what_somebody_signed_after_his_role_ended_is_not_stored(world: World):
    stay_id = await world.owner.send_stay(await world.owner.send_premises())
    visitor = await give_role(world, "officer")
    relay = await world.new_client(SANGKAT_4, scopes=("relay",))
    first = visitor.compose(
        "review", {"verdict": "accept", "reasons": []}, revises=(stay_id, stay_id)
    )
    (stored,) = await relay.push(first)
    assert stored["custody"] == "stored"
    world.clock.move(minutes=MINUTES_UNTIL)
    verdict = {"verdict": "return", "reasons": ["date_missing"]}
    late = visitor.compose("review", verdict, revises=(stay_id, stay_id))
    (result,) = await relay.push(late)
    assert result["problem"]["code"] == "not-allowed"
