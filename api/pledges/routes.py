"""Reading pledges.

Functions, not a controller: the gateway's controller has the same paths for writing.
"""

from uuid import UUID

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from api.ledger.records import Effect
from api.views.reading import Reading
from api.views.records import Page, View, Wanted


@get("/v1/pledges", opt={"operation": "pledges.read"})
async def list_pledges(
    reading: NamedDependency[Reading],
    premises_id: FromQuery[UUID | None] = None,
    place: FromQuery[str | None] = None,
    effect: FromQuery[Effect | None] = None,
) -> Response[Page]:
    """Return pledges in the reader's scope, newest first."""
    wanted = Wanted(kind="pledge", premises_id=premises_id, place=place, effect=effect)
    return await reading.list_page(wanted)


@get("/v1/pledges/{pledge_id:uuid}", opt={"operation": "pledges.read"})
async def show_pledge(
    reading: NamedDependency[Reading], pledge_id: FromPath[UUID]
) -> Response[View]:
    """Return a pledge with its history."""
    return await reading.show("pledge", pledge_id)
