"""Reading coverage: the police their own places, an analyst the province without small numbers."""

from typing import Final
from uuid import UUID

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromQuery

from api.answers import etag_of
from api.coverage import rules
from api.coverage.records import Coverage, OrderCoverage, Tally
from api.database.engine import Transaction
from api.declarations.records import Standing
from api.declarations.store import list_standings
from api.orders.records import KnownOrder
from api.orders.rules import collects, day_of
from api.orders.store import list_orders
from api.views.reading import Reading
from sync.instants import write_instant

_OUTSIDE: Final = ("analyst",)


@get("/v1/coverage", opt={"operation": "coverage.read"})
async def read_coverage(
    reading: NamedDependency[Reading], order_id: FromQuery[UUID | None] = None
) -> Response[Coverage]:
    """Return, for every order or one, what its communes know and what has declared."""
    register, scope = reading.register, reading.scope
    is_outside = reading.principal.role in _OUTSIDE
    everywhere = is_outside or scope.everything
    places = [
        place.place_id
        for place in register.places.communes
        if everywhere or place.place_id in scope.places
    ]
    now_ms = register.clock()

    async def load(tx: Transaction) -> list[tuple[KnownOrder, list[Standing]]]:
        orders = [one for one in await list_orders(tx, register.log) if order_id in (None, one.id)]
        return [(one, await list_standings(tx, register.log, one, places)) for one in orders]

    asked = await register.engine.read(load)
    today = day_of(now_ms)
    shown = [
        _describe(
            one,
            rules.tally(one.order, standings, places, now_ms),
            today,
            is_outside=is_outside,
        )
        for one, standings in asked
    ]
    coverage = Coverage(write_instant(now_ms), is_outside, shown)
    return Response(coverage, headers={"ETag": etag_of(shown)})


def _describe(
    known: KnownOrder, tallies: dict[str, Tally], today: str, *, is_outside: bool
) -> OrderCoverage:
    if is_outside:
        communes, total = rules.suppress(tallies)
    else:
        communes = [rules.show(one, place_id) for place_id, one in tallies.items()]
        total = rules.show(rules.total(tallies.values()))
    return OrderCoverage(
        order_id=known.id,
        deadline_at=known.order.deadline_at,
        is_open=collects(known.order, today),
        communes=communes,
        total=total,
    )
