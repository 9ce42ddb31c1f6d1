"""A grant over premises opens them, and its end closes them, whichever way somebody asks."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from tests import makers
from tests.access.people import find_order, sign_pledge
from tests.makers import SANGKAT_4, make_document
from tests.world import Device, World

DAYS = 30
LATER = "AFTERWARDS"
ENDINGS = ("expired", "revoked")


class Shared:
    """Premises of an owner with a manager who reported a stay there, until his grant ended."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.owner = world.owner
        self.premises_id = UUID(int=0)
        self.grant_id = UUID(int=0)
        self.ids: dict[str, UUID] = {}

    async def build(self) -> "Shared":
        self.manager = await self.world.new_owner()
        await self.world.verify(self.owner)
        self.premises_id = await self.owner.send_premises()
        ends_at = datetime.fromtimestamp(self.world.clock.ms / 1000, UTC) + timedelta(days=DAYS)
        rights = {
            "account_id": str(self.manager.account_id),
            "role": "owner",
            "premises_id": str(self.premises_id),
            "expires_at": ends_at.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        }
        self.grant_id = await self.owner.send("grant", rights, after=[self.manager.account_id])
        stay_id = await self.manager.send_stay(self.premises_id, document=make_document("TEST111"))
        declaration = makers.make_declaration(self.premises_id, await find_order(self.owner))
        self.ids = {
            "premises": self.premises_id,
            "stays": stay_id,
            "declarations": await self.manager.send("declaration", declaration),
            "pledges": await sign_pledge(self.manager, self.premises_id, SANGKAT_4),
        }
        return self

    async def end(self, how: str) -> None:
        """Let the grant end, and somebody move in afterwards."""
        if how == "expired":
            self.world.clock.move(days=DAYS, minutes=1)
            await self.world.sign_in_again()
            await self.manager.sign_in()
        else:
            body = {"reason": "left", "grant_id": str(self.grant_id)}
            await self.owner.send("revocation", body, after=[self.grant_id])
        identity = makers.make_identity(primary=LATER)
        document = make_document("TEST222")
        self.newcomer = await self.owner.send_stay(
            self.premises_id, identity=identity, document=document
        )


@pytest.fixture
async def shared(world: World) -> Shared:
    return await Shared(world).build()


def ways(shared: Shared) -> list[str]:
    """Return every address under which the manager may ask for something of the premises."""
    lists = [f"/v1/{kind}" for kind in shared.ids]
    narrowed = [f"/v1/{kind}?premises_id={shared.premises_id}" for kind in ("stays", "pledges")]
    single = [f"/v1/{kind}/{entity}" for kind, entity in shared.ids.items()]
    return [*lists, *narrowed, *single, f"/v1/premises/{shared.premises_id}/form.pdf"]


async def ask(manager: Device, way: str) -> Any:
    """Return what is there: a list's items, or whether there is anything."""
    answer = await manager.get(way.partition("?")[0], **read_query(way))
    if answer.status_code == 404:
        return []
    assert answer.is_success, answer.text
    is_page = answer.headers["content-type"] == "application/json" and "items" in answer.json()
    return answer.json()["items"] if is_page else [answer.content]


def read_query(way: str) -> dict[str, str]:
    query = way.partition("?")[2]
    return dict([query.split("=")]) if query else {}


async def test_a_live_grant_opens_every_way(shared: Shared):
    assert [way for way in ways(shared) if not await ask(shared.manager, way)] == []
    pulled = await shared.manager.post("/v1/sync/pull", {"limit": 500})
    assert str(shared.ids["stays"]) in pulled.text


@pytest.mark.parametrize("how", ENDINGS)
async def test_the_end_of_a_grant_closes_every_way(shared: Shared, how: str):
    cursor = (await shared.manager.post("/v1/sync/pull", {"limit": 500})).json()["cursor"]
    await shared.end(how)
    assert [way for way in ways(shared) if await ask(shared.manager, way)] == []
    again = await shared.manager.post("/v1/sync/pull", {"limit": 500})
    since = await shared.manager.post("/v1/sync/pull", {"limit": 500, "cursor": cursor})
    for said in (again.text, since.text):
        assert LATER not in said
        assert str(shared.ids["stays"]) not in said
    assert len([way for way in ways(shared) if await ask(shared.owner, way)]) == len(ways(shared))


@pytest.mark.parametrize("how", ENDINGS)
async def test_after_a_grant_ended_nothing_at_the_premises_is_written(shared: Shared, how: str):
    await shared.end(how)
    stay_id = shared.ids["stays"]
    revises = (stay_id, stay_id)
    items = [
        shared.manager.compose(
            "stay",
            makers.make_stay(shared.premises_id),
            disclosed={"identity": makers.make_identity()},
        ),
        shared.manager.compose("stay", {"unit": "9"}, revises=revises),
        shared.manager.compose("withdrawal", {"reason": "entered_by_mistake"}, revises=revises),
        shared.manager.compose(
            "departure", {"left_on": "2026-03-01", "reason": "unknown"}, revises=revises
        ),
    ]
    results = await shared.manager.push(*items)
    assert [result["problem"]["code"] for result in results] == ["not-allowed"] * len(items)


@pytest.mark.parametrize("how", ENDINGS)
async def test_an_author_keeps_the_receipts_of_what_he_sent(shared: Shared, how: str):
    await shared.end(how)
    stay_id = shared.ids["stays"]
    for kept in ("", "/receipt.pdf"):
        assert (await shared.manager.get(f"/v1/receipts/{stay_id}{kept}")).is_success
        foreign = await shared.manager.get(f"/v1/receipts/{shared.newcomer}{kept}")
        assert foreign.status_code == 404
    have = [str(stay_id), str(shared.newcomer)]
    page = (await shared.manager.post("/v1/sync/pull", {"limit": 1, "have": have})).json()
    assert list(page["at"]) == [str(stay_id)]
    assert page["missing"] == [str(shared.newcomer)]
