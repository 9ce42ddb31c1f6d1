"""Keys that end: what they still may send, and what becomes of it."""

from uuid import UUID

import msgspec
import pytest

from sync.document import read_document
from tests import makers
from tests.makers import LOG
from tests.world import Device, World


async def _code(device, item) -> str:
    (result,) = await device.push(item)
    return result["problem"]["code"] if "problem" in result else result["custody"]


async def test_what_a_stolen_key_still_sends_is_held(world: World):
    premises_id = await world.owner.send_premises()
    item = world.owner.compose("premises", makers.make_premises())
    await world.http.delete(
        f"/v1/devices/{world.owner.kid}?reason=stolen", headers=world.owner.headers
    )
    relay = await world.new_client(LOG, scopes=("relay",))
    (result,) = await relay.push(item)
    assert (result["custody"], result.get("missing", [])) == ("held", [])
    assert premises_id != read_document(item).id


async def test_what_a_replaced_key_signed_is_accepted_for_thirty_days(world: World):
    first = world.owner.compose("premises", makers.make_premises())
    second = world.owner.compose("premises", makers.make_premises())
    await world.http.delete(
        f"/v1/devices/{world.owner.kid}?reason=replaced", headers=world.owner.headers
    )
    relay = await world.new_client(LOG, scopes=("relay",))
    assert await _code(relay, first) == "stored"
    world.clock.move(days=31)
    await relay.sign_in()
    assert await _code(relay, second) == "device-revoked"


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("revocation", {"reason": "left", "kid": "A" * 43}),
    ],
)
async def test_a_revocation_of_nothing_of_ones_own_is_refused(world: World, kind: str, body: dict):
    assert await _code(world.owner, world.owner.compose(kind, body)) == "not-allowed"


async def test_a_revocation_names_one_thing_and_nobody_ends_a_foreign_key_with_an_own_grant(
    world: World,
):
    await world.verify(world.owner)
    premises_id = await world.owner.send_premises()
    manager = await world.new_owner()
    grant = {
        "account_id": str(manager.account_id),
        "role": "owner",
        "premises_id": str(premises_id),
    }
    grant_id = await world.owner.send("grant", grant, after=[manager.account_id, premises_id])
    for kid in (world.officer.kid, world.register.keys.gateway_kid):
        body = {"reason": "stolen", "kid": kid, "grant_id": str(grant_id)}
        assert await _code(world.owner, world.owner.compose("revocation", body)) == "schema"
        alone = world.owner.compose("revocation", {"reason": "stolen", "kid": kid})
        assert await _code(world.owner, alone) == "not-allowed"
    assert await world.officer.read("/v1/stays")


async def test_a_stolen_key_stays_stolen(world: World):
    relay = await world.new_client(LOG, scopes=("relay",))
    revoked = f"/v1/devices/{world.owner.kid}?reason="
    again = world.owner.compose("revocation", {"reason": "left", "kid": world.owner.kid})
    await world.http.delete(revoked + "stolen", headers=world.owner.headers)
    await relay.push(again)
    assert await _code(relay, world.owner.compose("premises", makers.make_premises())) == "held"


@pytest.mark.parametrize("reason", ["replaced", "left"])
async def test_a_phone_that_was_replaced_still_brings_what_it_made_and_gets_nothing(
    world: World, reason: str
):
    phone = world.owner
    premises_id = await phone.send_premises()
    revoked = f"/v1/devices/{phone.kid}?reason={reason}"
    assert (await world.http.delete(revoked, headers=phone.headers)).status_code == 204
    stays = [
        phone.compose(
            "stay",
            makers.make_stay(premises_id, unit=unit),
            after=[premises_id],
            disclosed={"identity": makers.make_identity()},
        )
        for unit in "12"
    ]
    pushed = {"items": msgspec.to_builtins(stays)}
    assert (await phone.post("/v1/sync/push", pushed)).json()["code"] == "token.invalid"
    await phone.sign_in()
    assert [one["custody"] for one in await phone.push(*stays)] == ["stored", "stored"]
    answers = [
        await phone.post("/v1/sync/pull", {}),
        await phone.get("/v1/stays"),
        await phone.get(f"/v1/receipts/{premises_id}"),
        await world.http.delete(revoked, headers=phone.headers),
    ]
    assert [(one.status_code, one.json()["code"]) for one in answers] == [
        (401, "device-revoked")
    ] * len(answers)
    world.clock.move(days=31)
    with pytest.raises(AssertionError, match="device-revoked"):
        await phone.sign_in()


async def test_a_stolen_phone_and_a_program_that_ended_do_not_sign_in(world: World):
    await world.http.delete(
        f"/v1/devices/{world.owner.kid}?reason=stolen", headers=world.owner.headers
    )
    await world.http.delete(f"/v1/devices/{world.client.kid}", headers=world.client.headers)
    for device in (world.owner, world.client):
        item = device.compose("premises", makers.make_premises())
        answer = await device.post("/v1/sync/push", {"items": [msgspec.to_builtins(item)]})
        assert (answer.status_code, answer.json()["code"]) == (401, "token.invalid")
        with pytest.raises(AssertionError, match="device-revoked"):
            await device.sign_in()


@pytest.mark.parametrize(
    ("reasons", "custody"), [(["stolen"], "held"), (["left", "lost"], "held"), (["left"], "stored")]
)
async def test_a_key_that_was_revoked_before_it_registers_is_revoked_when_it_does(
    world: World, reasons: list[str], custody: str
):
    device = Device(world.http, world.clock)
    for reason in reasons:
        body = {"reason": reason, "kid": device.kid}
        await world.submit(world.register.composer.compose("revocation", body))
    await register_revoked(device, may_sign_in=custody == "stored")
    relay = await world.new_client(LOG, scopes=("relay",))
    first = device.compose("premises", makers.make_premises())
    assert await _code(relay, first) == custody
    if custody == "stored":
        world.clock.move(days=31)
        await relay.sign_in()
        late = device.compose("premises", makers.make_premises())
        assert await _code(relay, late) == "device-revoked"


async def register_revoked(device: Device, *, may_sign_in: bool) -> None:
    if may_sign_in:
        await device.register()
        assert (await device.get("/v1/stays")).json()["code"] == "device-revoked"
        return
    with pytest.raises(AssertionError, match="device-revoked"):
        await device.register()


async def test_a_program_whose_key_was_revoked_before_it_was_enrolled_cannot_sign_in(world: World):
    with pytest.raises(AssertionError, match="device-revoked"):
        await world.new_client(LOG, revoked_as="stolen")


@pytest.mark.parametrize("reason", ["replaced", "left"])
async def test_what_an_ended_key_still_sends_is_marked_for_the_police(world: World, reason: str):
    premises_id = await world.owner.send_premises()
    before = await world.owner.send_stay(premises_id)
    disclosed = {"identity": makers.make_identity()}
    after, left = (
        world.owner.compose("stay", makers.make_stay(premises_id), disclosed=disclosed),
        world.owner.compose(
            "departure",
            {"left_on": "2026-03-01", "reason": "unknown"},
            revises=(before, before),
        ),
    )
    world.clock.move(minutes=5)
    path = f"/v1/devices/{world.owner.kid}?reason={reason}"
    await world.http.delete(path, headers=world.owner.headers)
    assert await list_marks(world.officer, before) == []
    relay = await world.new_client(LOG, scopes=("relay", "registrations:read"))
    assert [await _code(relay, one) for one in (after, left)] == ["stored", "stored"]
    for stay_id in (read_document(after).id, before):
        assert await list_marks(world.officer, stay_id) == [reason]
        assert await list_marks(relay, stay_id) == []


async def list_marks(reader: Device, stay_id: UUID) -> list[str]:
    """Return how the keys had ended that sent this, as far as the reader is told."""
    marks = (await reader.read(f"/v1/stays/{stay_id}")).get("marks", ())
    return [mark["params"]["reason"] for mark in marks if mark["code"] == "key_ended"]
