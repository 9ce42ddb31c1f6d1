"""Reading premises.

Functions, not a controller: the gateway's controller has the same paths for writing.
"""

from uuid import UUID

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from api.ledger.records import Effect
from api.views.reading import Reading
from api.views.records import Page, View, Wanted


@get("/v1/premises", opt={"operation": "premises.read"})
async def list_premises(
    reading: NamedDependency[Reading],
    place: FromQuery[str | None] = None,
    effect: FromQuery[Effect | None] = None,
) -> Response[Page]:
    """Return premises in the reader's scope, newest first."""
    wanted = Wanted(kind="premises", place=place, effect=effect)
    return await reading.list_page(wanted)


@get("/v1/premises/{premises_id:uuid}", opt={"operation": "premises.read"})
async def show_premises(
    reading: NamedDependency[Reading], premises_id: FromPath[UUID]
) -> Response[View]:
    """Return premises with their history."""
    return await reading.show("premises", premises_id, "premises.read")
