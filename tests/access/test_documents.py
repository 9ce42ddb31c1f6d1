"""Every kind of document by every author, pushed: stored where the matrix says, nowhere else."""

from typing import Any
from uuid import UUID

import msgspec
import pytest

from sync.keys import public_jwk
from sync.messages import Item
from tests import makers
from tests.access.people import (
    AUTHORS,
    KAMPENH,
    MATRIX,
    ROLES,
    find_order,
    make_adoption,
    make_grant,
    make_order,
    make_pledge_text,
    new_person,
)
from tests.makers import LOG, SANGKAT_4, Fields
from tests.world import Device, World

REFUSED = {"not-allowed", "wrong-commune"}
ON_PREMISES = ("stay", "departure", "declaration", "pledge", "withdrawal", "review", "grant")
ANYWHERE = ("premises", "verification", "order", "pledge_text", "adoption")
LEFT = {"left_on": "2026-03-01", "reason": "unknown"}


class Scene:
    """Premises in one situation towards an author: whose they are, and in which commune."""

    def __init__(self, owner: Device, place: str) -> None:
        self.owner = owner
        self.place = place
        self.premises_id = UUID(int=0)

    async def build(self) -> "Scene":
        self.premises_id = await self.owner.send_premises(place=self.place)
        return self


async def open_scenes(world: World, author: Device, role: str) -> dict[str, Scene]:
    """Return the scenes: own premises only for those who may declare any."""
    owner = await world.new_owner()
    await world.verify(owner)
    scenes = {
        "commune": await Scene(owner, SANGKAT_4).build(),
        "elsewhere": await Scene(owner, KAMPENH).build(),
    }
    if role in AUTHORS:
        scenes["own"] = await Scene(author, SANGKAT_4).build()
    if role == "owner":
        scenes["granted"] = await Scene(owner, SANGKAT_4).build()
        rights = make_grant(author, scenes["granted"].premises_id)
        await owner.send("grant", rights, after=[author.account_id])
    return scenes


async def compose(author: Device, kind: str, scene: Scene, other: Device) -> Item:
    """Return a good document of a kind on the premises of a scene."""
    premises_id, place = scene.premises_id, scene.place
    if kind in {"departure", "withdrawal", "review"}:
        stay_id = await scene.owner.send_stay(premises_id, place=place)
        bodies: dict[str, Fields] = {
            "departure": LEFT,
            "withdrawal": {"reason": "entered_twice"},
            "review": {"verdict": "accept", "reasons": []},
        }
        return author.compose(kind, bodies[kind], place=place, revises=(stay_id, stay_id))
    body, disclosed = await make_first(author, kind, premises_id, other)
    return author.compose(kind, body, place=place, disclosed=disclosed)


async def make_first(
    author: Device, kind: str, premises_id: UUID, other: Device
) -> tuple[Fields, dict[str, Fields] | None]:
    """Return body and disclosures of a first revision."""
    order_id = await find_order(author)
    firsts: dict[str, tuple[Fields, dict[str, Fields] | None]] = {
        "premises": (makers.make_premises(), None),
        "stay": (makers.make_stay(premises_id), {"identity": makers.make_identity()}),
        "declaration": (makers.make_declaration(premises_id, order_id), None),
        "pledge": (
            makers.make_pledge(premises_id, order_id),
            {"identity": makers.make_signer()},
        ),
        "grant": (make_grant(other, premises_id), None),
        "verification": ({"account_id": str(other.account_id)}, None),
        "order": (make_order(), None),
        "pledge_text": (make_pledge_text(), None),
        "adoption": (make_adoption(), None),
    }
    return firsts[kind]


async def send(relay: Device, item: Item) -> str:
    """Push what another signed; return `stored` or the code of the refusal."""
    (result,) = await relay.push(item)
    return "stored" if result["custody"] == "stored" else result["problem"]["code"]


@pytest.mark.parametrize("role", ROLES)
async def test_an_author_writes_what_the_matrix_says_and_nothing_else(world: World, role: str):
    author, relay = await new_person(world, role), await world.new_officer(LOG, role="node")
    scenes = await open_scenes(world, author, role)
    cases = [
        (kind, situation)
        for kind in (*ON_PREMISES, *ANYWHERE)
        for situation in choose(kind, scenes)
    ]
    answers: dict[tuple[str, str], str] = {}
    for kind, situation in cases:
        item = await compose(author, kind, scenes[situation], await world.new_owner())
        answers[kind, situation] = await send(relay, item)
    assert set(answers.values()) <= {"stored", *REFUSED}
    stored = {case for case, answer in answers.items() if answer == "stored"}
    assert stored == {case for case in cases if case[1] in agreed(case[0], role)}


def agreed(kind: str, role: str) -> list[str]:
    """Return the situations in which the matrix lets a role write a kind."""
    return MATRIX["documents"][kind].get(role, [])


def choose(kind: str, scenes: dict[str, Scene]) -> list[str]:
    """Return the situations that a kind can be in: premises of others say nothing to some."""
    if kind in ANYWHERE:
        return ["commune", "elsewhere"]
    return list(scenes)


@pytest.mark.parametrize("role", ROLES)
async def test_a_key_is_revoked_by_its_holder_alone(world: World, role: str):
    relay = await world.new_officer(LOG, role="node")
    author, other = await new_person(world, role), await world.new_owner()
    for situation, kid in (("commune", other.kid), ("own", author.kid)):
        item = author.compose("revocation", {"reason": "left", "kid": kid})
        assert (await send(relay, item) == "stored") == (situation in agreed("revocation", role))


@pytest.mark.parametrize("role", ROLES)
async def test_a_key_registers_itself_once_and_nobody_else(world: World, role: str):
    relay, author = await world.new_officer(LOG, role="node"), await new_person(world, role)
    for device in (author, Device(world.http, world.clock)):
        body: Fields = {
            "jwk": msgspec.to_builtins(public_jwk(device.key)),
            "capacity": "owner",
            "language": "km",
        }
        contact: Any = {"contact": makers.make_contact()}
        item = author.compose("account", body, place=LOG, disclosed=contact)
        assert await send(relay, item) == "not-allowed"


@pytest.mark.parametrize("kind", ["stay", "departure", "declaration"])
async def test_a_program_without_the_scope_writes_nothing(world: World, kind: str):
    relay = await world.new_officer(LOG, role="node")
    client = await world.new_client(SANGKAT_4, scopes=("registrations:read",))
    scene = await Scene(world.owner, SANGKAT_4).build()
    item = await compose(client, kind, scene, world.owner)
    assert await send(relay, item) == "not-allowed"


async def test_only_a_relay_pushes_what_another_signed(world: World):
    item = world.owner.compose("premises", makers.make_premises())
    for role in ("owner", "officer", "district", "province", "client"):
        assert await send(await new_person(world, role), item) == "not-allowed"
    assert await send(await new_person(world, "node"), item) == "stored"


async def test_an_unverified_owner_gives_no_rights_away(world: World):
    relay, owner = await world.new_officer(LOG, role="node"), await world.new_owner()
    scene = await Scene(owner, SANGKAT_4).build()
    item = await compose(owner, "grant", scene, world.owner)
    assert await send(relay, item) == "not-allowed"
