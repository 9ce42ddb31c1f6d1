"""Reading the work list: how much waits, and each of its sections."""

from typing import Final, get_args
from uuid import UUID

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from api.answers import tag
from api.database.engine import Transaction
from api.declarations.records import Standing
from api.declarations.rules import is_overdue, list_under
from api.declarations.store import list_standings
from api.ledger.reading_store import Scope
from api.orders.rules import collects, day_of
from api.orders.store import list_orders
from api.register import Register
from api.review import store
from api.review.records import Section, WorkList, WorkSection
from api.views.reading import Reading
from api.views.records import Page
from sync.instants import write_instant

_SECTIONS: Final[tuple[Section, ...]] = get_args(Section)


@get("/v1/review", opt={"operation": "review.read"})
async def read_work(reading: NamedDependency[Reading]) -> Response[WorkList]:
    """Return how much waits in each section, and since when."""
    register, scope = reading.register, reading.scope
    async with register.engine.reading() as tx:
        waiting = await store.count_waiting(tx, register.log, scope)
        overdue = await _list_overdue(tx, register, scope)
    if overdue:
        waiting["overdue"] = (len(overdue), min(one.known_ms for one in overdue))
    return tag(WorkList([_describe(section, waiting.get(section)) for section in _SECTIONS]))


@get("/v1/review/{section:str}", opt={"operation": "review.read"})
async def read_section(
    reading: NamedDependency[Reading], section: FromPath[Section]
) -> Response[Page]:
    """Return what waits in a section, oldest first; overdue premises are one part."""
    register, scope = reading.register, reading.scope
    async with register.engine.reading() as tx:
        if section == "overdue":
            overdue = await _list_overdue(tx, register, scope)
            page = await reading.open_page(tx, _ids(overdue)[: reading.part.limit])
            return reading.answer(Page(page.items, None))
        ids = await store.list_waiting(tx, register.log, scope, section, reading.part)
        return reading.answer(await reading.open_page(tx, ids))


async def _list_overdue(tx: Transaction, register: Register, scope: Scope) -> list[Standing]:
    """Return the premises of the scope that are overdue under an order of today, each once."""
    now_ms = register.clock()
    today = day_of(now_ms)
    orders = [one for one in await list_orders(tx, register.log) if collects(one.order, today)]
    standings = [await list_standings(tx, register.log, one.id) for one in orders]
    found = {
        one.premises_id: one
        for known, asked in zip(orders, standings, strict=True)
        for one in list_under(known.order, asked)
        if (scope.everything or one.place in scope.places) and is_overdue(known.order, one, now_ms)
    }
    return sorted(found.values(), key=lambda one: one.known_ms)


def _ids(standings: list[Standing]) -> list[UUID]:
    return [one.premises_id for one in standings]


def _describe(section: Section, waiting: tuple[int, int] | None) -> WorkSection:
    count, oldest_ms = waiting or (0, 0)
    return WorkSection(section, count, write_instant(oldest_ms) if count else None)
