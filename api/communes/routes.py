"""The communes' addresses: scoped views of the one log, and the same push."""

from functools import partial
from typing import Any
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from api.answers import tag
from api.communes import rules
from api.communes.records import CommuneDetail, CommuneView
from api.database.engine import Transaction
from api.edge import LARGE_BODY_BYTES_MAX
from api.intake_routes.push import push_items, read_items
from api.ledger.records import Effect
from api.orders import store as orders_store
from api.orders.rules import day_of
from api.places import store as places_store
from api.places.records import Place, Places
from api.problems import NotFound
from api.register import Register
from api.review.store import list_with_effect, oldest
from api.sessions.records import Principal
from api.views.aside import is_told_apart, list_told
from api.views.fetching import note_fetch
from api.views.reading import Reading
from api.views.records import Page, Slice
from sync.messages import PushAnswer


class CommunesController(Controller):
    """Communes."""

    path = "/v1/communes"

    @get(opt={"operation": "communes.list"})
    async def list_all(self, register: NamedDependency[Register]) -> Response[list[CommuneView]]:
        """Return every commune with the address to send to."""
        places, base_url = register.places, register.settings.base_url
        async with register.engine.reading() as tx:
            posts = await places_store.list_posts(tx, register.log)
        return tag(
            [
                rules.describe(places, place, posts.get(place.place_id), base_url)
                for place in places.communes
            ]
        )

    @get("/{place_id:str}", opt={"operation": "communes.show"})
    async def show(
        self, register: NamedDependency[Register], place_id: FromPath[str]
    ) -> Response[CommuneDetail]:
        """Return a commune with the orders that collect there today."""
        place = find_commune(register.places, place_id)
        async with register.engine.reading() as tx:
            posts = await places_store.list_posts(tx, register.log)
            orders = await orders_store.list_orders(tx, register.log)
        base_url, today = register.settings.base_url, day_of(register.clock())
        commune = rules.describe(register.places, place, posts.get(place_id), base_url)
        return tag(rules.detail(commune, orders, register.places.ancestry(place_id), today))

    @post(
        "/{place_id:str}/push",
        opt={
            "operation": "communes.push",
            "content": "PushRequest",
            "body_bytes_max": LARGE_BODY_BYTES_MAX,
        },
        status_code=200,
    )
    async def push(
        self,
        register: NamedDependency[Register],
        principal: NamedDependency[Principal],
        request: Request[Any, Any, Any],
        place_id: FromPath[str],
        dry_run: FromQuery[bool] = False,
    ) -> Response[PushAnswer]:
        """Store what is of this commune; the result of anything else names the right one."""
        find_commune(register.places, place_id)
        items = await read_items(await request.body())
        return await push_items(register, items, principal, place=place_id, dry_run=dry_run)

    @get("/{place_id:str}/inbox", opt={"operation": "communes.inbox"})
    async def inbox(
        self,
        register: NamedDependency[Register],
        principal: NamedDependency[Principal],
        reading: NamedDependency[Reading],
        place_id: FromPath[str],
    ) -> Response[Page]:
        """Return what waits for a verdict in a commune, oldest first."""
        find_commune(register.places, place_id)
        scope = reading.scope
        if not (scope.everything or place_id in scope.places):
            raise NotFound
        page = await register.engine.read(lambda tx: _open_inbox(tx, reading, place_id))
        await note_fetch(register, principal)
        return await reading.answer(page, "communes.inbox")


async def _open_inbox(tx: Transaction, reading: Reading, place_id: str) -> Page:
    part, log = reading.part, reading.register.log
    fetch = partial(_list_oldest, tx, log, place_id)
    if not is_told_apart(reading.principal.role):
        return await reading.open_page(tx, await fetch("pending", part))
    told = await list_told(tx, log, "pending", part, fetch)
    first = sorted(told, key=lambda one: one.created_pos)[: part.limit]
    return await reading.open_page(tx, [one.entity for one in first])


async def _list_oldest(
    tx: Transaction, log: str, place_id: str, effect: Effect, part: Slice
) -> list[UUID]:
    return oldest(await list_with_effect(tx, log, [place_id], effect, part), part.limit)


def find_commune(places: Places, place_id: str) -> Place:
    """Return a commune; raises NotFound for any other place."""
    place = places.by_id.get(place_id)
    if place is None or place.level != "commune":
        raise NotFound
    return place
