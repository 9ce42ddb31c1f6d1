"""Reading premises.

Functions, not a controller: the gateway's controller has the same paths for writing.
"""

from typing import Annotated
from uuid import UUID

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, QueryParameter

from api.facts.names import name_key
from api.facts.values import comparable
from api.ledger.records import Effect
from api.premises import store
from api.premises.records import Asked
from api.problems import NotAllowed
from api.views.reading import Reading
from api.views.records import Page, View, Wanted

Query = Annotated[str | None, QueryParameter(max_length=100)]


@get("/v1/premises", opt={"operation": "premises.read"})
async def list_premises(
    reading: NamedDependency[Reading],
    place: FromQuery[str | None] = None,
    effect: FromQuery[Effect | None] = None,
    q: Query = None,
) -> Response[Page]:
    """Return premises in the reader's scope, newest first; `q` finds them by name, one part."""
    if q is not None:
        return await _search(reading, q)
    wanted = Wanted(kind="premises", place=place, effect=effect)
    return await reading.list_page(wanted)


@get("/v1/premises/{premises_id:uuid}", opt={"operation": "premises.read"})
async def show_premises(
    reading: NamedDependency[Reading], premises_id: FromPath[UUID]
) -> Response[View]:
    """Return premises with their history."""
    return await reading.show("premises", premises_id)


async def _search(reading: Reading, text: str) -> Response[Page]:
    """Find buildings, not persons: no purpose is asked. An owner's few need no search."""
    if reading.principal.role == "owner":
        raise NotAllowed
    register = reading.register
    asked = Asked(comparable(text), tuple(name_key(word).joined for word in text.split()))
    async with register.engine.reading() as tx:
        ids = await store.find_named(tx, register.log, reading.scope, asked, reading.part.limit)
        page = await reading.open_page(tx, ids)
    return await reading.answer(Page(page.items, None), "premises.list")
