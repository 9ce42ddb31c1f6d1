"""Who may write what, judged when it arrives."""

import msgspec

from sync.document import read_document, uuid7
from sync.instants import write_instant
from sync.keys import public_jwk
from tests import makers
from tests.makers import LOG, SANGKAT_1, SANGKAT_4, Fields
from tests.world import Device, World


async def read_code(device, item) -> str:
    (result,) = await device.push(item)
    return result["problem"]["code"] if "problem" in result else result["custody"]


async def test_a_stay_at_the_premises_of_another_is_refused(world: World):
    premises_id = await world.owner.send_premises()
    stranger = await world.new_owner()
    item = stranger.compose(
        "stay", makers.make_stay(premises_id), after=[premises_id],
        disclosed={"identity": makers.make_identity()},
    )  # fmt: skip
    assert await read_code(stranger, item) == "not-allowed"


async def test_an_owner_cannot_judge_his_own_entry(world: World):
    premises_id = await world.owner.send_premises()
    item = world.owner.compose(
        "review", {"verdict": "accept"}, revises=(premises_id, premises_id), after=[premises_id]
    )
    assert await read_code(world.owner, item) == "not-allowed"


async def test_an_officer_judges_only_in_the_own_commune(world: World):
    premises_id = await world.owner.send_premises(place=SANGKAT_1)
    item = world.officer.compose(
        "review",
        {"verdict": "accept"},
        revises=(premises_id, premises_id),
        after=[premises_id],
        place=SANGKAT_1,
    )
    assert await read_code(world.officer, item) == "not-allowed"


async def test_a_document_that_names_another_commune_is_told_the_right_one(world: World):
    premises_id = await world.owner.send_premises()
    item = world.owner.compose(
        "stay", makers.make_stay(premises_id), after=[premises_id], place=SANGKAT_1,
        disclosed={"identity": makers.make_identity()},
    )  # fmt: skip
    (result,) = await world.owner.push(item)
    assert result["problem"]["code"] == "wrong-commune"
    assert result["problem"]["details"] == {"place": "psh-c-sangkat-4"}


async def test_what_another_signed_needs_the_right_to_relay(world: World):
    item = world.owner.compose("premises", makers.make_premises())
    assert await read_code(world.officer, item) == "not-allowed"
    relay = await world.new_client(LOG, scopes=("relay",))
    assert await read_code(relay, item) == "stored"


async def test_a_relay_takes_no_account_that_an_invitation_is_for(world: World):
    relay = await world.new_client(LOG, scopes=("relay",))
    code = await world.invite("officer", SANGKAT_4)
    phone = Device(world.http, world.clock)
    given = {"jwk": msgspec.to_builtins(public_jwk(phone.key)), "language": "km"}
    frame = {"place": LOG, "disclosed": {"contact": makers.make_contact()}}
    invited = {**given, "capacity": "officer", "invitation": code}
    refused = phone.compose("account", invited, **frame, id=phone.account_id)
    assert await read_code(relay, refused) == "not-allowed"
    owner = phone.compose("account", {**given, "capacity": "owner"}, **frame)
    assert await read_code(relay, owner) == "stored"


def _without_request(results: list[Fields]) -> list[Fields]:
    return [{**one, "problem": {**one["problem"], "request_id": ""}} for one in results]


async def test_whoever_sends_the_bytes_of_another_learns_nothing_of_them(world: World):
    stranger = await world.new_owner()
    item = world.owner.compose("premises", makers.make_premises())
    before = await stranger.push(item)
    (stored,) = await world.owner.push(item)
    after = await stranger.push(item)
    assert _without_request(before) == _without_request(after)
    assert (after[0]["custody"], after[0]["problem"]["code"]) == ("rejected", "not-allowed")
    assert (await stranger.get(f"/v1/receipts/{stored['id']}")).status_code == 404
    relay = await world.new_client(LOG, scopes=("relay",))
    for sender in (world.owner, relay):
        (again,) = await sender.push(item)
        assert (again["custody"], again["receipt"]) == ("duplicate", stored["receipt"])


async def test_what_another_sent_first_does_not_stand_in_the_way_of_its_author(world: World):
    missing = world.owner.compose("premises", makers.make_premises())
    premises_id = read_document(missing).id
    stay = world.owner.compose(
        "stay", makers.make_stay(premises_id), after=[premises_id],
        disclosed={"identity": makers.make_identity()},
    )  # fmt: skip
    stranger = await world.new_owner()
    assert await read_code(stranger, stay) == "not-allowed"
    assert await read_code(world.owner, stay) == "held"
    assert await read_code(world.owner, missing) == "stored"
    assert await read_code(world.owner, stay) == "duplicate"


async def test_an_unverified_owner_is_bounded_until_verified(world: World):
    for _ in range(3):
        await world.owner.send_premises()
    item = world.owner.compose("premises", makers.make_premises())
    (result,) = await world.owner.push(item)
    assert (result["custody"], result["problem"]["code"]) == ("later", "quota")
    assert result["problem"]["retryable"] is True
    body = {"account_id": str(world.owner.account_id)}
    await world.officer.send("verification", body, after=[world.owner.account_id])
    assert await read_code(world.owner, item) == "stored"


async def test_an_owner_lets_a_manager_report_for_single_premises_and_ends_it(world: World):
    await world.verify(world.owner)
    premises_id = await world.owner.send_premises()
    manager = await world.new_owner()
    grant = {
        "account_id": str(manager.account_id),
        "role": "owner",
        "premises_id": str(premises_id),
    }
    grant_id = await world.owner.send("grant", grant, after=[manager.account_id, premises_id])
    assert await manager.send_stay(premises_id)
    ended = {"reason": "left", "grant_id": str(grant_id)}
    await world.owner.send("revocation", ended, after=[grant_id])
    item = manager.compose(
        "stay", makers.make_stay(premises_id), after=[premises_id],
        disclosed={"identity": makers.make_identity()},
    )  # fmt: skip
    assert await read_code(manager, item) == "not-allowed"


async def test_nobody_makes_himself_an_officer(world: World):
    await world.verify(world.owner)
    grant = {"account_id": str(world.owner.account_id), "role": "province", "places": [LOG]}
    item = world.owner.compose("grant", grant, after=[world.owner.account_id])
    assert await read_code(world.owner, item) == "not-allowed"


async def test_an_owner_cannot_give_a_role_with_a_right_over_premises(world: World):
    await world.verify(world.owner)
    premises_id = await world.owner.send_premises()
    stranger = await world.new_owner()
    grant = {
        "account_id": str(stranger.account_id),
        "role": "province",
        "places": [LOG],
        "premises_id": str(premises_id),
    }
    await world.owner.send("grant", grant, after=[stranger.account_id, premises_id])
    async with world.register.engine.reading() as tx:
        row = await tx.one(
            "SELECT role FROM accounts WHERE account_id = :id", id=stranger.account_id.bytes
        )
    assert row == ("owner",)


async def test_a_key_cannot_claim_to_be_the_register_or_a_program(world: World):
    for capacity in ("register", "client"):
        device = Device(world.http, world.clock)
        item = device.compose(
            "account",
            {
                "jwk": msgspec.to_builtins(public_jwk(device.key)),
                "capacity": capacity,
                "language": "km",
            },
            place=LOG,
            disclosed={"contact": makers.make_contact()},
        )
        registration = {"registration": msgspec.to_builtins(item)}
        answer = await world.http.post("/v1/devices", json=registration)
        assert (answer.status_code, answer.json()["code"]) == (422, "not-allowed")


async def test_only_the_register_writes_on_behalf_of_others(world: World):
    premises_id = await world.owner.send_premises()
    stranger = await world.new_owner()
    body = makers.make_stay(premises_id, on_behalf_of=str(world.owner.account_id))
    item = stranger.compose(
        "stay", body, after=[premises_id], disclosed={"identity": makers.make_identity()}
    )
    assert await read_code(stranger, item) == "not-allowed"


async def test_a_kind_that_this_server_does_not_know_is_answered_later(world: World):
    item = world.owner.compose("telepathy", {"x": 1}, id=uuid7())
    (result,) = await world.owner.push(item)
    assert (result["custody"], result["problem"]["code"]) == ("later", "version.newer")


async def test_a_grant_that_ends_at_no_instant_is_refused(world: World):
    premises_id = await world.owner.send_premises()
    grant = {
        "account_id": str(world.owner.account_id),
        "role": "owner",
        "premises_id": str(premises_id),
        "expires_at": "2022-13-99T99:99:99.000Z",
    }
    item = world.owner.compose("grant", grant, after=[world.owner.account_id, premises_id])
    (result,) = await world.owner.push(item)
    assert result["problem"]["errors"] == [{"pointer": "/body/expires_at", "code": "field.date"}]


async def test_an_owner_cannot_correct_the_premises_of_another(world: World):
    premises_id = await world.owner.send_premises()
    stranger = await world.new_owner()
    item = stranger.compose(
        "premises", {"kind": "hotel"}, revises=(premises_id, premises_id), after=[premises_id]
    )
    assert await read_code(stranger, item) == "not-allowed"


async def test_an_officer_verifies_only_owners_of_the_own_commune(world: World):
    await world.owner.send_premises(place=SANGKAT_1)
    body = {"account_id": str(world.owner.account_id)}
    item = world.officer.compose("verification", body, after=[world.owner.account_id])
    assert await read_code(world.officer, item) == "not-allowed"
    own = {"account_id": str(world.officer.account_id)}
    item = world.officer.compose("verification", own, after=[world.officer.account_id])
    assert await read_code(world.officer, item) == "not-allowed"


async def test_a_key_registers_where_registrations_are_counted_and_not_by_push(world: World):
    device = Device(world.http, world.clock)
    body = {"jwk": msgspec.to_builtins(public_jwk(device.key)), "capacity": "owner"}
    item = device.compose(
        "account",
        {**body, "language": "km"},
        place=LOG,
        disclosed={"contact": makers.make_contact()},
    )
    assert await read_code(world.owner, item) == "not-allowed"


async def test_what_an_officers_clock_dates_after_his_end_waits_for_one_who_stays(world: World):
    stays, leaves = await world.new_officer(SANGKAT_4), world.officer
    premises_id = await world.owner.send_premises()
    relay = await world.new_client(SANGKAT_4, scopes=["registrations:write", "relay"])
    judged = {"revises": (premises_id, premises_id), "after": [premises_id]}
    accept = {"verdict": "accept"}
    before = leaves.compose("review", accept, **judged)
    await world.submit(
        world.register.composer.compose("revocation", {"reason": "left", "kid": leaves.kid})
    )
    world.clock.move(minutes=1)
    after = leaves.compose("review", accept, **judged)
    seen = {"pos": 1, "chain": "A" * 43, "at": write_instant(world.clock())}
    proved = leaves.compose("review", accept, anchor=seen, **judged)
    codes = [await read_code(relay, review) for review in (before, after, proved)]
    assert codes == ["stored", "held", "device-revoked"]
    world.clock.move(days=31)
    await stays.sign_in()
    (waiting,) = await stays.read("/v1/quarantine")
    verdict = {"document_hash": waiting["document_hash"], "verdict": "adopt"}
    path = f"/v1/quarantine/{waiting['document_id']}"
    settled = await stays.post(path, {**verdict, "reason": "author_confirms"})
    assert "receipt" in settled.json()


async def test_a_key_that_ended_does_not_live_longer_by_ending_again(world: World):
    premises = [world.owner.compose("premises", makers.make_premises()) for _ in range(2)]
    relay = await world.new_client(SANGKAT_4, scopes=["registrations:write", "relay"])
    body = {"reason": "left", "kid": world.owner.kid}
    for item, code in zip(premises, ("stored", "device-revoked"), strict=True):
        await world.submit(world.register.composer.compose("revocation", body))
        world.clock.move(days=16)
        await relay.sign_in()
        assert await read_code(relay, item) == code
