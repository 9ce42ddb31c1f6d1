"""What lies outside somebody's reach is not there: every role at its own and others' entries."""

from typing import Any
from uuid import UUID

import pytest

from tests.access.people import AUTHORS, MATRIX, PLACES, new_entries, new_person, sign_pledge
from tests.access.test_operations import GUARDED
from tests.makers import SANGKAT_4
from tests.world import Device, World

KINDS = ("premises", "stay", "declaration", "pledge")
OF_ENTRIES = {"premises_id": "premises", "stay_id": "stay", "declaration_id": "declaration"}
READERS = sorted(MATRIX["reach"])


async def tell(world: World, person: Device, role: str) -> dict[str, dict[str, UUID]]:
    """Return entries by situation: others' in three places, and the person's own."""
    entries = {}
    for situation, place in PLACES.items():
        owner = await world.new_owner()
        entries[situation] = await new_entries(owner, place)
        entries[situation]["pledge"] = await sign_pledge(
            owner, entries[situation]["premises"], place
        )
    if role in AUTHORS:
        entries["own"] = await new_entries(person, SANGKAT_4)
    return entries


def list_paths(role: str) -> list[tuple[str, str, str]]:
    """Return (method, path, kind of entry) of what a role may call on one entry."""
    named = {**OF_ENTRIES, "pledge_id": "pledge", "document_id": "premises"}
    return [
        (method, path.replace(f"{{{name}}}", "{id}"), kind)
        for operation, method, path in GUARDED
        for name, kind in named.items()
        if f"{{{name}}}" in path and method != "DELETE" and role in MATRIX["operations"][operation]
    ]


@pytest.mark.parametrize("role", READERS)
async def test_an_entry_out_of_reach_is_not_found(world: World, role: str):
    person = await new_person(world, role)
    entries = await tell(world, person, role)
    calls = [
        (situation, method, path.format(id=ids[kind]))
        for method, path, kind in list_paths(role)
        for situation, ids in entries.items()
        if kind in ids
    ]
    assert calls
    for situation, method, path in calls:
        status = await ask(world, person, method, path)
        is_reached = situation in MATRIX["reach"][role]
        assert (status != 404) == is_reached, (situation, method, path, status)


async def ask(world: World, person: Device, method: str, path: str) -> int:
    body = {} if method != "GET" else None
    headers = {**person.headers, "Idempotency-Key": "018f3a10-0000-7000-8000-000000000001"}
    answer = await world.http.request(method, path, json=body, headers=headers)
    assert answer.status_code < 500
    return answer.status_code


LISTS = ("/v1/premises", "/v1/stays", "/v1/declarations", "/v1/pledges")


@pytest.mark.parametrize("role", READERS)
async def test_lists_pull_and_feed_hold_what_is_in_reach_and_nothing_else(world: World, role: str):
    person = await new_person(world, role)
    entries = await tell(world, person, role)
    wanted = {
        str(entity)
        for situation, ids in entries.items()
        if situation in MATRIX["reach"][role]
        for entity in ids.values()
    }
    told = {str(entity) for ids in entries.values() for entity in ids.values()}
    if role in MATRIX["operations"]["stays.read"]:
        listed = [await person.read(path, limit=200) for path in LISTS]
        assert {view["id"] for page in listed for view in page["items"]} & told == wanted
    if role in MATRIX["operations"]["sync.pull"]:
        pulled: Any = (await person.post("/v1/sync/pull", {"limit": 500})).json()
        assert {view["id"] for view in pulled["snapshot"]} & told == wanted
    if role in MATRIX["operations"]["feed.read"]:
        feed = await person.read("/v1/feed", limit=500)
        assert {item["subject"] for item in feed["items"]} & told == wanted
