"""Hostile values in every field of every kind of document, signed as if they were meant."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import msgspec
import pytest

from sync.document import digest_of, sign_payload, uuid7
from sync.keys import public_jwk, thumbprint
from sync.messages import PUSH_ITEMS_MAX, Item
from tests import makers
from tests.access.people import find_order, make_grant, make_order, make_pledge_text
from tests.hostile.checking import check_answer, check_results
from tests.hostile.samples import DOCUMENT, SCHEMAS, fill, spoil
from tests.makers import LOG, SANGKAT_4, Fields
from tests.world import Device, World, expect

KINDS: dict[str, Any] = DOCUMENT["x-sangkat-kinds"]
SALT = "AAAAAAAAAAAAAAAAAAAAAA"
AUTHORS = {
    "adoption": "officer",
    "order": "province",
    "pledge_text": "province",
    "review": "officer",
    "verification": "officer",
}


class Scene:
    """Who signs, what the fields that name something name, and the stay that is acted on."""

    def __init__(self, author: Device, known: Fields, stay_id: UUID) -> None:
        self.author = author
        self.known = known
        self.stay_id = stay_id


async def open_scene(world: World, kind: str) -> Scene:
    await world.verify(world.owner)
    people = {"officer": world.officer, "owner": world.owner}
    role = AUTHORS.get(kind, "owner")
    if role == "province":
        people[role] = await world.new_officer(LOG, role="province")
    premises_id = await world.owner.send_premises()
    stay_id = await world.owner.send_stay(premises_id)
    other = await world.new_owner()
    rights = make_grant(other, premises_id)
    known = {
        "premises_id": str(premises_id),
        "previous_premises_id": str(premises_id),
        "order_id": await find_order(world.owner),
        "account_id": str(other.account_id),
        "kid": other.kid,
        "grant_id": str(await world.owner.send("grant", rights, after=[other.account_id])),
        "stays": [str(stay_id)],
        "exceptions": [str(stay_id)],
    }
    return Scene(people[role], known, stay_id)


def make_body(kind: str, scene: Scene) -> tuple[Fields, dict[str, Fields]]:
    """Return a full body of a kind, and what it discloses."""
    named = {
        name: SCHEMAS[at.rpartition("/")[2]] for name, at in KINDS[kind]["disclosures"].items()
    }
    body = fill(SCHEMAS[KINDS[kind]["body"].rpartition("/")[2]])
    match kind:
        case "pledge":
            of_text = makers.make_pledge(scene.known["premises_id"], scene.known["order_id"])
            body |= of_text
        case "pledge_text":
            body = make_pledge_text()
        case "order":
            body |= make_order()
        case "revocation":
            del body["kid"]  # it names one thing: here the grant that the author gave
        case _:
            pass
    kept = {name: scene.known.get(name, value) for name, value in body.items()}
    return kept, {name: fill(schema) for name, schema in named.items()}


def make_payload(kind: str, scene: Scene, body: Fields) -> Fields:
    """Return the frame around a body; its id is set when it is signed."""
    acts = kind in {"departure", "withdrawal", "review"}
    return {
        "v": 1,
        "by": thumbprint(public_jwk(scene.author.key)),
        "kind": kind,
        "id": "ID",
        "entity": str(scene.stay_id) if acts else "ID",
        "base": str(scene.stay_id) if acts else None,
        "resolves": [],
        "after": [str(scene.stay_id)],
        "log": LOG,
        "place": SANGKAT_4,
        "seq": 1,
        "made_at": "2026-03-02T03:00:00.000Z",
        "anchor": {"pos": 1, "chain": "A" * 43, "at": "2026-03-02T03:00:00.000Z"},
        "body": body,
    }


def sign(scene: Scene, payload: str, disclosures: dict[str, str]) -> Item:
    text = payload.replace('"ID"', f'"{uuid7()}"')
    return sign_payload(scene.author.key, text, disclosures or None)


def write_items(kind: str, scene: Scene) -> Iterator[Item]:
    """Return a good document, then every way to spoil its payload and its disclosures."""
    body, disclosed = make_body(kind, scene)
    texts = {name: json.dumps([SALT, values]) for name, values in disclosed.items()}
    digests = {name: digest_of(text) for name, text in texts.items()}
    payload = make_payload(kind, scene, {**body, **digests})
    yield sign(scene, json.dumps(payload), texts)
    for _, text in spoil(payload):
        yield sign(scene, text, texts)
    for name, values in disclosed.items():
        for _, spoilt in spoil([SALT, values]):
            changed = {**payload, "body": {**payload["body"], name: digest_of(spoilt)}}
            yield sign(scene, json.dumps(changed), {**texts, name: spoilt})


@pytest.mark.parametrize("kind", sorted(KINDS))
async def test_a_kind_of_document(world: World, kind: str):
    relay, scene = await world.new_officer(LOG, role="node"), await open_scene(world, kind)
    items = list(write_items(kind, scene))
    seen: list[str] = []
    for start in range(0, len(items), PUSH_ITEMS_MAX // 4):
        batch = items[start : start + PUSH_ITEMS_MAX // 4]
        answer = await relay.post("/v1/sync/push", {"items": msgspec.to_builtins(batch)})
        check_answer(answer, start)
        results = expect(answer)["results"]
        assert len(results) == len(batch)
        check_results(results)
        seen += [result["custody"] for result in results]
    first = "rejected" if kind == "account" else "stored"
    assert seen[0] == first
    assert "rejected" in seen
    await check_reads(world)


async def check_reads(world: World) -> None:
    """Everything that was stored can be read again by everybody."""
    province = await world.new_client(LOG)
    for reader in (world.owner, world.officer, province):
        expect(await reader.post("/v1/sync/pull", {"limit": 500}))
    for path in ("/v1/premises", "/v1/stays", "/v1/declarations", "/v1/pledges", "/v1/feed"):
        expect(await province.get(path, limit=200))


async def test_a_registration(world: World):
    contact = json.dumps([SALT, makers.make_contact()])
    jwk = {"kty": "EC", "crv": "P-256", "x": "X", "y": "Y"}
    body = {"jwk": jwk, "capacity": "owner", "language": "km", "contact": digest_of(contact)}
    scene = Scene(Device(world.http, world.clock), {}, UUID(int=0))
    payload = make_payload("account", scene, body)
    payload |= {"by": "KID", "after": [], "place": LOG, "anchor": None}
    statuses: set[int] = set()
    for said, text in spoil(payload):
        scene.author = Device(world.http, world.clock)
        item = sign(scene, name_key(text, scene.author), {"contact": contact})
        registration = {"registration": msgspec.to_builtins(item)}
        answer = await world.http.post("/v1/devices", json=registration)
        check_answer(answer, said)
        statuses.add(answer.status_code)
    assert {201, 422} <= statuses


def name_key(text: str, device: Device) -> str:
    """Put a key where a payload leaves room for one."""
    jwk = public_jwk(device.key)
    for room, value in {"KID": device.kid, "X": jwk.x, "Y": jwk.y}.items():
        text = text.replace(f'"{room}"', f'"{value}"')
    return text
