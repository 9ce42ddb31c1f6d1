"""Reading declarations.

Functions, not a controller: the gateway's controller has the same paths for writing.
"""

from uuid import UUID

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from api.ledger.records import Effect
from api.views.reading import Reading
from api.views.records import Page, View, Wanted


@get("/v1/declarations", opt={"operation": "declarations.read"})
async def list_declarations(
    reading: NamedDependency[Reading],
    premises_id: FromQuery[UUID | None] = None,
    place: FromQuery[str | None] = None,
    effect: FromQuery[Effect | None] = None,
) -> Response[Page]:
    """Return declarations in the reader's scope, newest first."""
    wanted = Wanted(kind="declaration", premises_id=premises_id, place=place, effect=effect)
    return await reading.list_page(wanted)


@get("/v1/declarations/{declaration_id:uuid}", opt={"operation": "declarations.read"})
async def show_declaration(
    reading: NamedDependency[Reading], declaration_id: FromPath[UUID]
) -> Response[View]:
    """Return a declaration with its history."""
    return await reading.show("declaration", declaration_id)
