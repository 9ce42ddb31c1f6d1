"""Reading the work list: how much waits, and each of its sections."""

from collections.abc import Sequence
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
from api.ledger.store import load_entities
from api.orders.rules import collects, day_of
from api.orders.store import list_orders
from api.register import Register
from api.review import store
from api.review.records import GREEN_MAX, Section, WorkList, WorkSection
from api.review.store import Waiting
from api.views.reading import Reading
from api.views.records import Page, Slice
from api.views.store import list_marks
from sync.instants import write_instant

_SECTIONS: Final[tuple[Section, ...]] = get_args(Section)


@get("/v1/review", opt={"operation": "review.read"})
async def read_work(reading: NamedDependency[Reading]) -> Response[WorkList]:
    """Return how much waits in each section, and since when."""
    waiting, green_count = await reading.register.engine.read(lambda tx: _count(tx, reading))
    green: dict[Section, int | None] = {"fresh": green_count}
    return tag(WorkList([_describe(one, waiting.get(one), green.get(one)) for one in _SECTIONS]))


@get("/v1/review/{section:str}", opt={"operation": "review.read"})
async def read_section(
    reading: NamedDependency[Reading], section: FromPath[Section]
) -> Response[Page]:
    """Return what waits in a section, oldest first; overdue premises are one part."""
    page = await reading.register.engine.read(lambda tx: _open_section(tx, reading, section))
    return await reading.answer(page, "review.list")


async def _count(tx: Transaction, reading: Reading) -> tuple[dict[Section, Waiting], int | None]:
    """Return what waits, and how much of what is fresh carries no mark."""
    register, places = reading.register, reading.scope.places
    waiting = await store.count_waiting(tx, register.log, places)
    overdue = await _list_overdue(tx, register, places)
    if overdue:
        waiting["overdue"] = Waiting(len(overdue), min(one.known_ms for one in overdue))
    return waiting, await _count_green(tx, reading) if "fresh" in waiting else None


async def _open_section(tx: Transaction, reading: Reading, section: Section) -> Page:
    register, places = reading.register, reading.scope.places
    if section == "overdue":
        overdue = await _list_overdue(tx, register, places)
        page = await reading.open_page(tx, _ids(overdue)[: reading.part.limit])
        return Page(page.items, None)
    ids = await store.list_waiting(tx, register.log, places, section, reading.part)
    return await reading.open_page(tx, ids)


async def _count_green(tx: Transaction, reading: Reading) -> int:
    """Return how many of the oldest fresh entries carry no mark: what one batch accepts."""
    log, places = reading.register.log, reading.scope.places
    ids = await store.list_waiting(tx, log, places, "fresh", Slice(None, GREEN_MAX))
    entities = await load_entities(tx, log, ids)
    marks = await list_marks(tx, log, reading.reader, list(entities.values()))
    return sum(not of_one for of_one in marks)


async def _list_overdue(
    tx: Transaction, register: Register, places: Sequence[str]
) -> list[Standing]:
    """Return the premises of these places overdue under an order of today, each once."""
    now_ms = register.clock()
    today = day_of(now_ms)
    orders = [one for one in await list_orders(tx, register.log) if collects(one.order, today)]
    standings = [await list_standings(tx, register.log, one, places) for one in orders]
    found = {
        one.premises_id: one
        for known, asked in zip(orders, standings, strict=True)
        for one in list_under(known.order, asked)
        if is_overdue(known.order, one, now_ms)
    }
    return sorted(found.values(), key=lambda one: one.known_ms)


def _ids(standings: list[Standing]) -> list[UUID]:
    return [one.premises_id for one in standings]


def _describe(section: Section, waiting: Waiting | None, green_count: int | None) -> WorkSection:
    if waiting is None:
        return WorkSection(section, 0, None)
    return WorkSection(section, waiting.count, write_instant(waiting.oldest_ms), green_count)
