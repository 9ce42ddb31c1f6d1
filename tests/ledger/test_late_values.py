"""Personal values survive whoever carries a document first: what was withheld still arrives."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest

from api.commands.verify import verify
from api.ledger.effects import LATER_MAX
from sync.document import read_document
from sync.messages import Item
from tests import makers
from tests.engines import settings_for
from tests.world import Device, World, open_world


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """A register whose log is folded anew after each test, and is what it should be."""
    async with open_world(tmp_path) as opened:
        yield opened
    wrong, _ = await verify(await settings_for(tmp_path), ())
    assert wrong == 0


@pytest.fixture
async def relay(world: World) -> Device:
    """A program that may carry what others have signed."""
    return await world.new_client(makers.SANGKAT_4, scopes=("relay", "registrations:read"))


def _bare(item: Item) -> Item:
    return msgspec.structs.replace(item, disclosures=None)


def _stay(owner: Device, premises_id: UUID, **rest: Any) -> Item:
    disclosed = {"identity": makers.make_identity(), "document": makers.make_document()}
    body = makers.make_stay(premises_id)
    return owner.compose("stay", body, disclosed=disclosed, after=[premises_id], **rest)


async def _custody(device: Device, *items: Item) -> list[str]:
    return [result["custody"] for result in await device.push(*items)]


async def _find(world: World, name: str = "eriksson") -> list[str]:
    found = await world.officer.read("/v1/stays", q=name, purpose="registration")
    return [view["id"] for view in found["items"]]


async def test_a_relay_that_withholds_values_destroys_none(world: World, relay: Device):
    premises_id = await world.owner.send_premises()
    item = _stay(world.owner, premises_id)
    stay_id = str(read_document(item).id)
    assert await _custody(relay, _bare(item)) == ["stored"]
    assert await _find(world) == []
    assert await _custody(world.owner, item) == ["duplicate"]
    view = await world.owner.read(f"/v1/stays/{stay_id}")
    assert view["body"]["identity"] == makers.make_identity()
    assert await _find(world) == [stay_id]
    again = await world.owner.send_stay(premises_id)
    twin = await world.officer.read(f"/v1/stays/{again}")
    assert twin["duplicate_of"] == stay_id


async def test_values_arrive_in_the_same_push_after_the_bare_document(world: World, relay: Device):
    premises_id = await world.owner.send_premises()
    item = _stay(world.owner, premises_id)
    assert await _custody(relay, _bare(item), item) == ["stored", "duplicate"]
    assert await _find(world) == [str(read_document(item).id)]


async def test_values_that_come_while_a_document_waits_are_kept(world: World, relay: Device):
    premises = world.owner.compose("premises", makers.make_premises())
    item = _stay(world.owner, read_document(premises).id)
    assert await _custody(relay, _bare(item)) == ["held"]
    assert await _custody(world.owner, item) == ["held"]
    assert await _custody(world.owner, premises) == ["stored"]
    assert await _find(world) == [str(read_document(item).id)]


async def test_values_that_come_with_what_was_missing_are_kept(world: World, relay: Device):
    premises = world.owner.compose("premises", makers.make_premises())
    item = _stay(world.owner, read_document(premises).id)
    await relay.push(_bare(item))
    assert await _custody(world.owner, item, premises) == ["stored", "stored"]
    assert await _find(world) == [str(read_document(item).id)]


async def test_values_of_one_push_that_waits_twice_are_kept(world: World, relay: Device):
    premises = world.owner.compose("premises", makers.make_premises())
    item = _stay(world.owner, read_document(premises).id)
    await relay.push(_bare(item), item)
    assert await _custody(world.owner, premises) == ["stored"]
    assert await _find(world) == [str(read_document(item).id)]


async def test_late_values_of_what_was_corrected_since_change_nothing(world: World, relay: Device):
    premises_id = await world.owner.send_premises()
    item = _stay(world.owner, premises_id)
    stay_id = read_document(item).id
    await relay.push(_bare(item))
    await world.owner.send(
        "stay",
        {},
        disclosed={"identity": makers.make_identity(primary="CORRECTED")},
        revises=(stay_id, stay_id),
        after=[stay_id],
    )
    assert await _custody(world.owner, item) == ["duplicate"]
    assert await _find(world) == []
    assert await _find(world, "corrected") == [str(stay_id)]


async def test_late_values_are_kept_however_full_the_entry_is(world: World, relay: Device):
    stay_id = await world.owner.send_stay(await world.owner.send_premises())
    identity = {"identity": makers.make_identity(primary="LATE")}
    item = world.owner.compose("stay", {}, revises=(stay_id, stay_id), disclosed=identity)
    assert await _custody(relay, _bare(item)) == ["stored"]
    base, corrections = read_document(item).id, list[Item]()
    for n in range(LATER_MAX - 1):
        unit = {"unit": str(n)}
        corrections.append(world.owner.compose("stay", unit, revises=(stay_id, base)))
        base = read_document(corrections[-1]).id
    assert set(await _custody(world.owner, *corrections[:100])) == {"stored"}
    assert set(await _custody(world.owner, *corrections[100:])) == {"stored"}
    assert await _custody(world.owner, item) == ["duplicate"]
    view = await world.owner.read(f"/v1/stays/{stay_id}")
    assert view["body"]["identity"]["primary"] == "LATE"


async def test_values_that_break_the_rules_are_not_let_in_behind_a_bare_document(world: World):
    premises_id = await world.owner.send_premises()
    disclosed = {"identity": makers.make_identity(born_on="2026-02-30")}
    item = world.owner.compose(
        "stay", makers.make_stay(premises_id), disclosed=disclosed, after=[premises_id]
    )
    assert await _custody(world.owner, _bare(item), item) == ["stored", "duplicate"]
    assert await _find(world) == []


async def test_who_may_not_send_a_document_adds_nothing_to_it(world: World, relay: Device):
    item = _stay(world.owner, await world.owner.send_premises())
    await relay.push(_bare(item))
    stranger = await world.new_owner()
    assert await _custody(stranger, item) == ["rejected"]
    assert await _find(world) == []


async def test_a_refused_document_under_the_same_id_leaves_what_waits(world: World):
    victim, stranger = await world.new_owner(), await world.new_owner()
    premises = victim.compose("premises", makers.make_premises())
    waiting = _stay(victim, read_document(premises).id)
    assert await _custody(victim, waiting) == ["held"]
    own = stranger.compose("premises", makers.make_premises())
    other = _stay(
        stranger, read_document(own).id, id=read_document(waiting).id, place=makers.SANGKAT_1
    )
    assert await _custody(stranger, other) == ["held"]
    assert await _custody(stranger, own) == ["stored"]
    assert await _custody(victim, premises) == ["stored"]
    view = await victim.read(f"/v1/stays/{read_document(waiting).id}")
    assert view["author"] == str(victim.account_id)
