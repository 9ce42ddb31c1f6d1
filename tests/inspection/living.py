"""Fills a register with a little of everything that folds. TEST DATA."""

from typing import Any
from uuid import UUID

from api.orders.store import load_shipped as load_orders
from api.pledges.store import load_shipped as load_texts
from sync.document import uuid7
from tests import makers
from tests.world import Device, World


async def live(world: World) -> Any:
    """Let people declare, correct, sign, judge and leave; return what is still to be sent."""
    premises_id = await world.owner.send_premises()
    stays = [await send_numbered_stay(world.owner, premises_id, number) for number in range(4)]
    await world.verify(world.owner)
    await declare_and_pledge(world, premises_id, stays)
    world.clock.move(minutes=5)
    await judge_and_end(world, stays)
    forgotten = {"reason": "lost", "kid": "A" * 43}
    await world.submit(world.register.composer.compose("revocation", forgotten))
    await adopt_from_a_stolen_phone(world)
    manager = await world.new_owner()
    rights = {
        "account_id": str(manager.account_id),
        "role": "owner",
        "premises_id": str(premises_id),
    }
    await world.owner.send("grant", rights, after=[premises_id])
    world.clock.move(minutes=5)
    (held,) = await manager.push(compose_stay(manager, premises_id, 9, after=[uuid7()]))
    assert held["custody"] == "held"
    return manager, compose_stay(manager, premises_id, 1)


async def send_numbered_stay(device: Device, premises_id: UUID, number: int) -> UUID:
    document = makers.make_document(f"TEST{number:05}")
    return await device.send_stay(premises_id, document=document, unit=str(number))


def compose_stay(
    device: Device, premises_id: UUID, number: int, after: list[UUID] | None = None
) -> Any:
    disclosed = {
        "identity": makers.make_identity(),
        "document": makers.make_document(f"TEST{number:05}"),
    }
    body = makers.make_stay(premises_id, unit=str(number))
    return device.compose("stay", body, disclosed=disclosed, after=after or [])


async def declare_and_pledge(world: World, premises_id: UUID, stays: list[UUID]) -> None:
    order_id, text = load_orders()[-1].id, load_texts()[0].text
    body = makers.make_declaration(premises_id, order_id, tuple(stays))
    await world.owner.send("declaration", body)
    pledge = makers.make_pledge(
        premises_id,
        order_id,
        text_id=text.text_id,
        version=text.version,
        text_hash=text.languages["en"].hash,
        clauses=[clause.n for clause in text.languages["en"].clauses],
    )
    for _ in range(2):
        await world.owner.send("pledge", pledge, disclosed={"identity": makers.make_signer()})


async def adopt_from_a_stolen_phone(world: World) -> None:
    """The officer believes one of the two documents that a stolen phone still sent."""
    phone, relay = await world.new_owner(), await world.new_officer(makers.LOG, role="node")
    documents = [phone.compose("premises", makers.make_premises()) for _ in range(2)]
    await world.http.delete(f"/v1/devices/{phone.kid}?reason=stolen", headers=phone.headers)
    await relay.push(*documents)
    for waiting, verdict in zip(
        await world.officer.read("/v1/quarantine"), ("adopt", "discard"), strict=True
    ):
        judging = {
            "document_hash": waiting["document_hash"],
            "verdict": verdict,
            "reason": "author_confirms" if verdict == "adopt" else "author_denies",
        }
        await world.officer.post(f"/v1/quarantine/{waiting['document_id']}", judging)


async def judge_and_end(world: World, stays: list[UUID]) -> None:
    await world.officer.review(stays[0], "accept")
    for stay in stays:
        await world.officer.read(f"/v1/stays/{stay}")
    returned = await world.officer.review(stays[1], "return", "wrong_unit")
    revises = (stays[1], stays[1])
    await world.owner.send("stay", {"unit": "9"}, revises=revises, after=[stays[1], returned])
    await world.owner.send("stay", {"unit": "8"}, revises=revises, after=[stays[1]])
    departure = {"left_on": "2026-03-01", "reason": "left_country"}
    await world.owner.send("departure", departure, revises=(stays[2], stays[2]))
    await world.owner.send(
        "withdrawal", {"reason": "entered_by_mistake"}, revises=(stays[3], stays[3])
    )
