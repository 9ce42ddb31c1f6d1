"""Reading stays; who searches or reveals is put down before anything is shown.

Functions, not a controller: the gateway's controller has the same paths for writing.
"""

from uuid import UUID

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from api.ledger.records import Effect
from api.views.reading import Reading
from api.views.records import Page, View, Wanted


@get("/v1/stays", opt={"operation": "stays.read"})
async def list_stays(
    reading: NamedDependency[Reading],
    premises_id: FromQuery[UUID | None] = None,
    place: FromQuery[str | None] = None,
    effect: FromQuery[Effect | None] = None,
) -> Response[Page]:
    """Return stays in the reader's scope, newest first."""
    wanted = Wanted(kind="stay", premises_id=premises_id, place=place, effect=effect)
    return await reading.list_page(wanted)


@get("/v1/stays/{stay_id:uuid}", opt={"operation": "stays.read"})
async def show_stay(reading: NamedDependency[Reading], stay_id: FromPath[UUID]) -> Response[View]:
    """Return a stay with its history."""
    return await reading.show("stay", stay_id, "stay.read")
