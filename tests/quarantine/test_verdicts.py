"""What a stolen phone still sends: an officer adopts or discards it, once, and it is put down."""

from typing import Any
from uuid import UUID

import pytest

from api.audit.store import list_looks
from api.commands.verify import verify
from api.housekeeping import tidy_up
from api.ledger import backlog_store
from api.ledger.records import Pusher
from api.quarantine.store import LISTED_MAX
from sync.document import read_document, uuid7
from sync.keys import encode_base64url
from sync.messages import Item
from tests import makers
from tests.makers import LOG, SANGKAT_1, SANGKAT_4, Fields
from tests.world import Device, World


async def hold(world: World, *items: Item, place: str = SANGKAT_4) -> list[Item]:
    """Let a relay send what a phone signed before and after it was stolen."""
    made = [*items] or [world.owner.compose("premises", makers.make_premises(), place=place)]
    revoked = f"/v1/devices/{world.owner.kid}?reason=stolen"
    await world.http.delete(revoked, headers=world.owner.headers)
    relay = await world.new_client(LOG, scopes=("relay",))
    assert [one["custody"] for one in await relay.push(*made)] == ["held"] * len(made)
    return made


def judging(item: Item, verdict: str = "adopt", reason: str = "author_confirms") -> Fields:
    digest = encode_base64url(read_document(item).hash)
    return {"document_hash": digest, "verdict": verdict, "reason": reason}


async def judge(by: Device, item: Item, **said: str) -> Any:
    return await by.post(f"/v1/quarantine/{read_document(item).id}", judging(item, **said))


async def send_again(world: World, item: Item) -> Any:
    relay = await world.new_client(LOG, scopes=("relay",))
    (result,) = await relay.push(item)
    return result


async def test_nobody_else_sees_or_judges_what_is_in_quarantine(world: World):
    (item,) = await hold(world)
    elsewhere = await world.new_officer(SANGKAT_1)
    assert await elsewhere.read("/v1/quarantine") == []
    assert (await judge(elsewhere, item)).status_code == 404
    stranger = await world.new_owner()
    assert (await stranger.get("/v1/quarantine")).status_code == 403
    assert (await judge(stranger, item)).status_code == 403
    absent = world.officer.compose("premises", makers.make_premises())
    assert (await judge(world.officer, absent)).status_code == 404


async def test_a_verdict_is_on_the_bytes_that_were_seen_and_has_a_reason(world: World):
    (item,) = await hold(world)
    path = f"/v1/quarantine/{read_document(item).id}"
    for said in ({"document_hash": "A" * 43}, {"reason": "because"}, {"verdict": "accept"}):
        refused = await world.officer.post(path, {**judging(item), **said})
        assert (refused.status_code, refused.json()["code"]) == (422, "schema")
    assert len(await world.officer.read("/v1/quarantine")) == 1


async def test_an_officer_reads_what_was_signed_and_by_whom(world: World):
    (item,) = await hold(world)
    (waiting,) = await world.officer.read("/v1/quarantine")
    assert waiting["document_id"] == str(read_document(item).id)
    assert (waiting["kind"], waiting["revocation_reason"]) == ("premises", "stolen")
    assert waiting["author"] == str(world.owner.account_id)
    assert waiting["body"]["names"] == makers.make_premises()["names"]


async def test_what_is_adopted_is_in_the_log_with_its_receipt(world: World):
    (item,) = await hold(world)
    settled = (await judge(world.officer, item)).json()
    again = await send_again(world, item)
    assert (again["custody"], again["receipt"]) == ("duplicate", settled["receipt"])
    assert await world.officer.read(f"/v1/premises/{settled['document_id']}")
    assert await world.officer.read("/v1/quarantine") == []
    assert (await judge(world.officer, item)).status_code == 404
    assert await verify(world.register.settings) == (0, await count_entries(world))


async def test_what_is_discarded_is_refused_for_good(world: World):
    (item,) = await hold(world)
    settled = (await judge(world.officer, item, verdict="discard", reason="author_denies")).json()
    assert settled == {"document_id": settled["document_id"], "code": "device-revoked"}
    again = await send_again(world, item)
    assert again["problem"]["code"] == "device-revoked"
    late = world.officer.compose(
        "adoption", {**judging(item), "document_id": str(read_document(item).id)}
    )
    (stored,) = await world.officer.push(late)
    assert stored["custody"] == "stored"
    assert (await send_again(world, item))["problem"]["code"] == "device-revoked"


async def test_only_the_document_that_was_adopted_is_believed(world: World):
    first, second = (world.owner.compose("premises", makers.make_premises()) for _ in range(2))
    await hold(world, first, second)
    assert (await judge(world.officer, first)).json()["receipt"]
    (waiting,) = await world.officer.read("/v1/quarantine")
    assert waiting["document_id"] == str(read_document(second).id)


async def test_an_officer_adopts_with_his_own_signature_only_in_his_commune(world: World):
    (item,) = await hold(world)
    document_id = read_document(item).id
    elsewhere = await world.new_officer(SANGKAT_1)
    for officer, place, custody in (
        (elsewhere, SANGKAT_1, "held"),
        (world.officer, SANGKAT_4, "duplicate"),
    ):
        body = {**judging(item), "document_id": str(document_id)}
        await officer.send("adoption", body, place=place)
        assert (await send_again(world, item))["custody"] == custody


async def test_nothing_is_adopted_before_its_key_was_reported_stolen(world: World):
    item = world.owner.compose("premises", makers.make_premises())
    body = {**judging(item), "document_id": str(read_document(item).id)}
    await world.officer.send("adoption", body)
    world.clock.move(minutes=1)
    await hold(world, item)
    assert (await send_again(world, item))["custody"] == "held"
    assert (await judge(world.officer, item)).json()["receipt"]
    assert await verify(world.register.settings) == (0, await count_entries(world))


async def test_what_rests_on_an_adopted_document_follows_it(world: World):
    manager = await world.new_owner()
    premises = world.owner.compose("premises", makers.make_premises())
    premises_id = read_document(premises).id
    review = world.officer.compose(
        "review", {"verdict": "accept"}, revises=(premises_id, premises_id), after=[premises_id]
    )
    await hold(world, premises)
    (held,) = await world.officer.push(review)
    assert held["custody"] == "held"
    await judge(world.officer, premises)
    (stored,) = await world.officer.push(review)
    assert stored["custody"] == "duplicate"
    assert (await manager.get(f"/v1/premises/{premises_id}")).status_code == 404


async def test_what_waited_for_others_when_its_key_was_stolen_is_listed_once_they_arrive(
    world: World,
):
    premises = world.owner.compose("premises", makers.make_premises())
    stay = compose_stay(world, premises)
    (waiting,) = await world.owner.push(stay)
    assert waiting["custody"] == "held"
    await hold(world, premises)
    await judge(world.officer, premises)
    (listed,) = await world.officer.read("/v1/quarantine")
    assert listed["document_id"] == str(read_document(stay).id)
    world.clock.move(days=31)
    await tidy_up(world.register)
    await world.officer.sign_in()
    assert "receipt" in (await judge(world.officer, stay)).json()


async def test_however_much_waits_elsewhere_an_officer_sees_what_waits_with_him(world: World):
    await hold_elsewhere(world, LISTED_MAX + 1)
    world.clock.move(minutes=1)
    (item,) = await hold(world)
    (listed,) = await world.officer.read("/v1/quarantine")
    assert listed["document_id"] == str(read_document(item).id)


async def hold_elsewhere(world: World, count: int) -> None:
    body = makers.make_premises()
    items = [world.owner.compose("premises", body, place=SANGKAT_1) for _ in range(count)]
    prepared = [world.register.folder.prepare(read_document(item)) for item in items]
    async with world.register.engine.writing() as tx:
        held = [(one, (), Pusher(None)) for one in prepared]
        await backlog_store.hold(tx, LOG, held, world.clock())


def compose_stay(world: World, premises: Item) -> Item:
    home = read_document(premises).id
    identity = {"identity": makers.make_identity()}
    return world.owner.compose("stay", makers.make_stay(home), disclosed=identity, after=[home])


@pytest.mark.parametrize(
    ("verdict", "reason"), [("adopt", "seen_on_visit"), ("discard", "not_plausible")]
)
async def test_who_looked_and_judged_is_put_down(world: World, verdict: str, reason: str):
    (item,) = await hold(world)
    await world.officer.read("/v1/quarantine")
    await judge(world.officer, item, verdict=verdict, reason=reason)
    async with world.register.engine.reading() as tx:
        looks = [row.look for row in await list_looks(tx, LOG)]
    assert [(look.action, look.reason, look.subject) for look in looks] == [
        ("quarantine.read", "", None),
        (f"quarantine.{verdict}", reason, read_document(item).id),
    ]
    assert {look.account_id for look in looks} == {world.officer.account_id}


async def test_a_verdict_on_nothing_changes_nothing(world: World):
    body = {
        "document_id": str(uuid7()),
        "document_hash": "A" * 43,
        "verdict": "adopt",
        "reason": "seen_on_visit",
    }
    assert isinstance(await world.officer.send("adoption", body), UUID)
    assert await world.officer.read("/v1/quarantine") == []


async def count_entries(world: World) -> int:
    async with world.register.engine.reading() as tx:
        row = await tx.one("SELECT pos FROM heads WHERE log = :log", log=LOG)
    return 0 if row is None else row[0]
