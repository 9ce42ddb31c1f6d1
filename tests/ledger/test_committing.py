"""One write path: dense positions, one entry each, the original receipt, and nothing half done."""

import asyncio
from uuid import UUID

import msgspec

from api.accounts.rules import UNVERIFIED_PREMISES_MAX
from api.housekeeping import tidy_up
from api.ledger import backlog
from api.ledger.reading_store import read_head
from sync.chain import first_link, next_link
from sync.document import read_document, uuid7
from sync.receipts import read_receipt
from tests import makers
from tests.makers import LOG
from tests.world import World


async def _entries(world: World) -> list[tuple]:
    async with world.register.engine.reading() as tx:
        return await tx.all(
            "SELECT pos, id, hash, received_ms, chain, receipt FROM entries"
            " WHERE log = :log ORDER BY pos",
            log=LOG,
        )


async def test_positions_are_dense_and_the_chain_can_be_recomputed(world: World):
    premises_id = await world.owner.send_premises()
    await world.owner.send_stay(premises_id)
    link = first_link(LOG)
    for number, (pos, document_id, digest, received_ms, chain, _) in enumerate(
        await _entries(world), 1
    ):
        link = next_link(link, pos, UUID(bytes=document_id), digest, received_ms=received_ms)
        assert (pos, chain) == (number, link)


async def test_every_receipt_names_its_entry_and_verifies(world: World):
    await world.owner.send_premises()
    keys = {world.register.keys.receipt_kid: world.register.keys.receipt_jwk}
    for pos, document_id, *_, receipt in await _entries(world):
        claims = read_receipt(receipt, keys)
        assert (claims.pos, claims.id) == (pos, UUID(bytes=document_id))


async def test_two_identical_first_pushes_at_once_get_the_same_receipt(world: World):
    premises_id = await world.owner.send_premises()
    before = len(await _entries(world))
    for round_number in range(50):
        item = world.owner.compose(
            "stay",
            makers.make_stay(premises_id, unit=str(round_number)),
            disclosed={"identity": makers.make_identity()},
            after=[premises_id],
        )
        first, second = await asyncio.gather(world.owner.push(item), world.owner.push(item))
        assert first[0]["receipt"] == second[0]["receipt"]
        assert {first[0]["custody"], second[0]["custody"]} == {"stored", "duplicate"}
    assert len(await _entries(world)) == before + 50


async def test_the_same_document_twice_in_one_push_is_stored_once(world: World):
    item = world.owner.compose("premises", makers.make_premises())
    first, second = await world.owner.push(item, item)
    assert (first["custody"], second["custody"]) == ("stored", "duplicate")
    assert first["receipt"] == second["receipt"]


async def test_an_id_used_for_other_content_is_refused(world: World):
    premises_id = await world.owner.send_premises()
    item = world.owner.compose(
        "premises", makers.make_premises(kind="hotel"), id=premises_id, entity=premises_id
    )
    (result,) = await world.owner.push(item)
    assert (result["custody"], result["problem"]["code"]) == ("rejected", "id-reuse")


async def test_a_dry_run_answers_alike_and_leaves_nothing(world: World):
    async with world.register.engine.reading() as tx:
        before = await read_head(tx, LOG)
    item = world.owner.compose("premises", makers.make_premises())
    (tried,) = await world.owner.push(item, path="/v1/sync/push?dry_run=1")
    async with world.register.engine.reading() as tx:
        assert await read_head(tx, LOG) == before
    assert (tried["custody"], tried["dry_run"], tried.get("receipt")) == ("stored", True, None)
    (real,) = await world.owner.push(item)
    assert real["custody"] == "stored"
    (again,) = await world.owner.push(item, path="/v1/sync/push?dry_run=1")
    assert (again["custody"], again.get("receipt")) == ("duplicate", None)


async def test_what_arrives_before_its_premises_waits_and_is_applied_by_itself(world: World):
    premises = world.owner.compose("premises", makers.make_premises())
    premises_id = read_document(premises).id
    stay = world.owner.compose(
        "stay", makers.make_stay(premises_id), after=[premises_id],
        disclosed={"identity": makers.make_identity()},
    )  # fmt: skip
    stay_id = read_document(stay).id
    departure = world.owner.compose(
        "departure",
        {"left_on": "2026-03-01", "reason": "left_country"},
        revises=(stay_id, stay_id),
        after=[stay_id],
    )
    (held,) = await world.owner.push(departure)
    assert (held["custody"], held["missing"]) == ("held", [str(stay_id)])
    (held,) = await world.owner.push(stay)
    assert (held["custody"], held["missing"]) == ("held", [str(premises_id)])
    await world.owner.push(premises)
    again = await world.owner.push(stay, departure)
    assert [one["custody"] for one in again] == ["duplicate", "duplicate"]


async def test_a_batch_in_the_wrong_order_is_stored_whole(world: World):
    premises = world.owner.compose("premises", makers.make_premises())
    premises_id = read_document(premises).id
    stay = world.owner.compose(
        "stay", makers.make_stay(premises_id), after=[premises_id],
        disclosed={"identity": makers.make_identity()},
    )  # fmt: skip
    results = await world.owner.push(stay, premises)
    assert [one["custody"] for one in results] == ["stored", "stored"]


async def test_a_poison_item_does_not_hold_up_the_others(world: World):
    good = world.owner.compose("premises", makers.make_premises())
    bad = world.owner.compose("premises", {"kind": "castle", "capacity": "owner"})
    answer = await world.owner.post(
        "/v1/sync/push",
        {"items": [7, msgspec.to_builtins(bad), {"payload": "{"}, msgspec.to_builtins(good)]},
    )
    custody = [one["custody"] for one in answer.json()["results"]]
    assert custody == ["rejected", "rejected", "rejected", "stored"]


async def test_what_waited_thirty_days_gets_its_final_answer(world: World):
    missing = uuid7()
    stay = world.owner.compose(
        "stay", makers.make_stay(missing), after=[missing],
        disclosed={"identity": makers.make_identity()},
    )  # fmt: skip
    await world.owner.push(stay)
    world.clock.move(days=31)
    assert await tidy_up(world.register) == 1
    await world.owner.sign_in()
    (result,) = await world.owner.push(stay)
    assert (result["custody"], result["problem"]["code"]) == ("rejected", "dependency")


async def test_a_defect_in_one_push_fails_that_push_alone(world: World, monkeypatch):
    """The engine fails once for a group; each push is then tried by itself."""
    original = type(world.register.committer)._decide
    poison = world.owner.compose("premises", makers.make_premises())
    poison_id = read_document(poison).id

    async def decide(self, tx, sent, *, releases):
        if any(one.prepared.document.id == poison_id for one in sent):
            message = "planted defect"
            raise RuntimeError(message)
        return await original(self, tx, sent, releases=releases)

    monkeypatch.setattr(type(world.register.committer), "_decide", decide)
    good = world.owner.compose("premises", makers.make_premises())
    bad, fine = await asyncio.gather(
        world.owner.post("/v1/sync/push", {"items": [msgspec.to_builtins(poison)]}),
        world.owner.post("/v1/sync/push", {"items": [msgspec.to_builtins(good)]}),
    )
    (failed,) = bad.json()["results"]
    assert (failed["custody"], failed["problem"]["code"]) == ("later", "defect")
    assert "planted" not in bad.text
    assert fine.json()["results"][0]["custody"] == "stored"


async def test_the_time_of_the_log_never_goes_back(world: World):
    await world.owner.send_premises()
    world.clock.move(minutes=-10)
    await world.owner.send_premises()
    times = [row[3] for row in await _entries(world)]
    assert times == sorted(times)


async def test_waiting_reserves_no_id(world: World):
    """Somebody who knows an id cannot keep its author from using it."""
    honest = world.owner.compose("premises", makers.make_premises())
    taken = read_document(honest).id
    stranger = await world.new_owner()
    squatting = stranger.compose(
        "premises", makers.make_premises(), id=taken, entity=taken, after=[uuid7()]
    )
    (held,) = await stranger.push(squatting)
    (stored,) = await world.owner.push(honest)
    assert (held["custody"], stored["custody"]) == ("held", "stored")


async def test_documents_that_wait_for_each_other_wait_thirty_days(world: World):
    first_id, second_id = uuid7(), uuid7()
    first = world.owner.compose("premises", makers.make_premises(), id=first_id, after=[second_id])
    second = world.owner.compose("premises", makers.make_premises(), id=second_id, after=[first_id])
    assert [one["custody"] for one in await world.owner.push(first, second)] == ["held", "held"]
    world.clock.move(days=31)
    assert await tidy_up(world.register) == 2
    await world.owner.sign_in()
    codes = [one["problem"]["code"] for one in await world.owner.push(first, second)]
    assert codes == ["dependency", "dependency"]


async def test_a_stranger_cannot_close_a_circle_around_the_document_of_another(world: World):
    first_id, second_id = uuid7(), uuid7()
    first = world.owner.compose("premises", makers.make_premises(), id=first_id, after=[second_id])
    stranger = await world.new_owner()
    closing = stranger.compose("premises", makers.make_premises(), id=second_id, after=[first_id])
    assert (await world.owner.push(first))[0]["custody"] == "held"
    assert (await stranger.push(closing))[0]["custody"] == "held"
    second = world.owner.compose("premises", makers.make_premises(), id=second_id)
    assert (await world.owner.push(second))[0]["custody"] == "stored"
    assert (await world.owner.push(first))[0]["custody"] == "duplicate"


async def test_what_meets_a_quota_when_it_leaves_the_backlog_waits_for_the_verification(
    world: World,
):
    owner = await world.new_owner()
    homes = [await owner.send_premises() for _ in range(UNVERIFIED_PREMISES_MAX)]
    identity = {"identity": makers.make_identity()}
    stay = owner.compose("stay", makers.make_stay(homes[0]), disclosed=identity)
    after = [read_document(stay).id]
    premises = owner.compose("premises", makers.make_premises(), after=after)
    assert [one["custody"] for one in await owner.push(premises)] == ["held"]
    assert [one["custody"] for one in await owner.push(stay)] == ["stored"]
    world.clock.move(days=31)
    await tidy_up(world.register)
    await owner.sign_in()
    await world.officer.sign_in()
    path = f"/v1/premises/{read_document(premises).id}"
    assert (await owner.get(path)).status_code == 404
    assert [one["custody"] for one in await owner.push(premises)] == ["held"]
    await world.verify(owner)
    assert (await owner.get(path)).status_code == 200
    assert [one["custody"] for one in await owner.push(premises)] == ["duplicate"]


async def test_nobody_fills_the_backlog(world: World, monkeypatch):
    monkeypatch.setattr(backlog, "HELD_MAX", 2)
    items = [
        world.owner.compose("premises", makers.make_premises(), after=[uuid7()]) for _ in range(3)
    ]
    results = await world.owner.push(*items)
    assert [one["custody"] for one in results] == ["held", "held", "later"]


async def test_what_was_erased_stays_erased(world: World):
    stay_id = await world.owner.send_stay(await world.owner.send_premises())
    async with world.register.engine.writing() as tx:
        await tx.run("DELETE FROM disclosures WHERE id = :id", id=stay_id.bytes)
    (result,) = await world.owner.push(world.owner.sent[stay_id])
    assert result["custody"] == "duplicate"
    view = await world.officer.read(f"/v1/stays/{stay_id}")
    assert "identity" not in view["body"]
