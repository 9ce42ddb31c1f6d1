"""A building's people in, a commune's list out: through the same gateway and the same views."""

import hmac
from typing import Annotated, Any, Final
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody
from msgspec import Meta, Struct

from api.accounts.store import list_devices
from api.audit.records import Look, Purpose
from api.gateway.gateway import Gateway
from api.gateway.records import ROWS_MAX, BatchAnswer
from api.ledger.records import Scope
from api.ledger.store import load_entities
from api.problems import NotFound, Unprocessable
from api.register import Register
from api.sessions.records import Principal
from api.views.page_store import list_ids
from api.views.records import Reader, Slice, View, Wanted
from api.views.store import open_views
from sync.instants import write_instant
from sync.messages import FieldError

PAGE: Final = 500
_NEWEST: Final = 2**53


class Import(Struct, frozen=True):
    """Rows for one building, each an object as for `POST /v1/stays/batch`."""

    premises_id: UUID
    rows: Annotated[list[dict[str, Any]], Meta(max_length=ROWS_MAX)]


class Exported(Struct, frozen=True):
    """A part of a commune's list, with what the watermark says of it."""

    items: list[View]
    next: str | None
    exported_at: str
    is_demo: bool


class ListsController(Controller):
    """Lists."""

    path = "/lists"

    @post("/stays", status_code=200)
    async def take(
        self,
        register: NamedDependency[Register],
        data: JSONBody[Import],
        dry_run: FromQuery[bool] = False,
    ) -> Response[BatchAnswer]:
        """Write stays in the register's own name, for nobody else signed them; one result a row."""
        async with register.engine.reading() as tx:
            found = await load_entities(tx, register.log, [data.premises_id])
            (own,) = await list_devices(tx, register.log, [register.keys.gateway_kid])
        home = found.get(data.premises_id)
        if home is None or home.kind != "premises":
            raise NotFound
        operator = Principal(
            account_id=own.account_id,
            role="register",
            state="active",
            places=(register.log,),
            scopes=(),
            kid=None,
        )
        building = {"premises_id": str(data.premises_id), "place": home.place}
        gateway = Gateway(register, operator, None, None, dry_run)
        rows = [{**row, **building, **_find_id(register, row)} for row in data.rows]
        return await gateway.create_rows("stay", rows)

    @get("/{place_id:str}/stays")
    async def give(
        self,
        register: NamedDependency[Register],
        place_id: FromPath[str],
        purpose: FromQuery[Purpose],
        before: FromQuery[int | None] = None,
    ) -> Exported:
        """Return a commune's stays, masked as for its officers, newest first; audited once."""
        if place_id not in {place.place_id for place in register.places.communes}:
            raise Unprocessable("schema", errors=(FieldError("/place", "field.value"),))
        log, wanted = register.log, Wanted(kind="stay", place=place_id)
        own = Scope(places=(place_id,))
        reader = Reader("officer", register.clock(), register.places, own, register.shapes)
        async with register.engine.reading() as tx:
            part = Slice(_NEWEST if before is None else before, PAGE)
            ids = await list_ids(tx, log, Scope(everything=True), wanted, part)
            entities = await load_entities(tx, log, ids)
            views = await open_views(tx, log, reader, [entities[one] for one in ids])
        if before is None:
            await _put_down(register, f"{purpose} {place_id}")
        following = str(views[-1].pos) if len(views) == PAGE else None
        exported_at = write_instant(register.clock())
        return Exported(views, following, exported_at, register.settings.is_demo)


async def _put_down(register: Register, reason: str) -> None:
    look = Look(UUID(int=0), "list.export", None, reason)
    await register.watch.put_down(look)


def _find_id(register: Register, row: dict[str, Any]) -> dict[str, str]:
    """Return the id of a row that is what its cells say, for whoever holds the register's secret.

    Anybody could compute an id of the cells alone, and try numbers until one gives it.
    """
    said = str(row.get("idempotency_key", "")).encode()
    digest = hmac.digest(register.keys.import_key, said, "sha256")
    return {"idempotency_key": str(UUID(bytes=digest[:16], version=4))}
