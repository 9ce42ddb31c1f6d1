"""What every reading handler does: find in the scope, open for the role, page and tag."""

from typing import Annotated, Any, Final
from urllib.parse import urlencode
from uuid import UUID

from litestar import Request, Response
from litestar.di import NamedDependency
from litestar.params import FromQuery, QueryParameter
from msgspec import Struct
from msgspec.structs import replace

from api.answers import tag
from api.audit.records import Action
from api.database.engine import Transaction
from api.ledger.cursors import Position, decode_cursor, encode_cursor
from api.ledger.records import Effect, Entity, Scope
from api.ledger.store import load_entities
from api.problems import Malformed, NotFound
from api.register import Register
from api.sessions.records import Principal
from api.views.aside import is_told_apart, list_told
from api.views.looking import LISTED, SHOWN, note_look, note_part
from api.views.page_store import list_ids
from api.views.records import Page, Reader, Slice, View, Wanted
from api.views.rules import fit
from api.views.scopes import may_see, scope_of
from api.views.store import open_history, open_views

PAGE_MAX: Final = 200
_PAGE: Final = 50

Limit = Annotated[int, QueryParameter(ge=1, le=PAGE_MAX)]


class Reading(Struct, frozen=True):
    """One read request: who asks, of which register, for which part of a list."""

    register: Register
    principal: Principal
    part: Slice
    address: str

    @property
    def scope(self) -> Scope:
        """What the principal may see."""
        register = self.register
        return scope_of(self.principal, register.log, register.places, register.clock())

    @property
    def reader(self) -> Reader:
        """For whom views are opened."""
        return reader_of(self.register, self.principal)

    async def list_page(self, wanted: Wanted) -> Response[Page]:
        """Return a part of a list, tagged, with a link to the next."""
        page = await self.register.engine.read(lambda tx: self.read_page(tx, wanted))
        return await self.answer(page, LISTED[wanted.kind], wanted.premises_id)

    async def read_page(self, tx: Transaction, wanted: Wanted) -> Page:
        """Return a part of a list; what is outside the scope is an empty list."""
        log, scope = self.register.log, self.scope
        home = wanted.premises_id
        if home is not None and not await self._finds(tx, scope, home):
            return Page([], None)
        if wanted.effect is None or not is_told_apart(self.principal.role):
            ids = await list_ids(tx, log, scope, wanted, self.part)
        else:
            ids = await self._list_told(tx, scope, wanted, wanted.effect)
        return await self.open_page(tx, ids)

    async def _list_told(
        self, tx: Transaction, scope: Scope, wanted: Wanted, effect: Effect
    ) -> list[UUID]:
        """Return the ids of what a program is told to have an effect, newest first."""
        log = self.register.log

        async def fetch(of: Effect, part: Slice) -> list[UUID]:
            return await list_ids(tx, log, scope, replace(wanted, effect=of), part)

        told = await list_told(tx, log, effect, self.part, fetch)
        newest = sorted(told, key=lambda one: one.created_pos, reverse=True)
        return [one.entity for one in newest[: self.part.limit]]

    async def open_page(self, tx: Transaction, ids: list[UUID]) -> Page:
        """Return these entities in this order, as many as fit; what is not all has a next."""
        log = self.register.log
        entities = await load_entities(tx, log, ids)
        ordered = fit([entities[one] for one in ids])
        views = await open_views(tx, log, self.reader, ordered)
        is_full = len(ids) == self.part.limit or len(ordered) < len(ids)
        return Page(views, write_cursor(ordered[-1].created_pos) if is_full else None)

    async def answer(
        self, page: Page, action: Action, subject: UUID | None = None
    ) -> Response[Page]:
        """Put down the look; return a part of a list, tagged, with a link to the next."""
        await note_part(self.register, self.principal, action, len(page.items), subject)
        return self.link(page)

    def link(self, page: Page) -> Response[Page]:
        """Return a part of a list, tagged, with a link to the next."""
        response = tag(page)
        if page.next is not None:
            response.headers["Link"] = f'<{self.address}cursor={page.next}>; rel="next"'
        return response

    async def show(self, kind: str, entity_id: UUID) -> Response[View]:
        """Return one entity with its history; raises NotFound outside the scope."""
        log = self.register.log

        async def open_found(tx: Transaction) -> View:
            return await open_history(tx, log, self.reader, await self.find(tx, kind, entity_id))

        view = await self.register.engine.read(open_found)
        await note_look(self.register, self.principal, SHOWN[kind], entity_id)
        return tag(view, view.revision)

    async def find(self, tx: Transaction, kind: str, entity_id: UUID) -> Entity:
        """Return an entity of a kind; raises NotFound when there is none in the scope."""
        found = await load_entities(tx, self.register.log, [entity_id])
        entity = found.get(entity_id)
        if entity is None or entity.kind != kind:
            raise NotFound
        if not await may_see(tx, self.register.log, self.scope, entity):
            raise NotFound
        return entity

    async def _finds(self, tx: Transaction, scope: Scope, premises_id: UUID) -> bool:
        found = await load_entities(tx, self.register.log, [premises_id])
        entity = found.get(premises_id)
        return entity is not None and await may_see(tx, self.register.log, scope, entity)


def reader_of(register: Register, principal: Principal) -> Reader:
    """Return for whom views are opened, now."""
    now_ms = register.clock()
    scope = scope_of(principal, register.log, register.places, now_ms)
    return Reader(principal.role, now_ms, register.places, scope, register.shapes)


def provide_reading(
    request: Request[Any, Any, Any],
    register: NamedDependency[Register],
    principal: NamedDependency[Principal],
    cursor: FromQuery[str | None] = None,
    limit: Limit = _PAGE,
) -> Reading:
    """Return what every read needs; raises Malformed for a cursor that is none."""
    pos = None if cursor is None else read_cursor(cursor)
    kept = [(name, value) for name, value in request.query_params.multi_items() if name != "cursor"]
    address = f"{request.url.path}?{urlencode([*kept, ('', '')])[:-1]}"
    return Reading(register, principal, Slice(pos, limit), address)


def write_cursor(pos: int) -> str:
    """Return the text that clients keep and never look into."""
    return encode_cursor([pos])


def read_cursor(text: str) -> int:
    """Return what a cursor says; raises Malformed when it is none."""
    try:
        (pos,) = decode_cursor(text, tuple[Position])
    except ValueError as error:
        raise Malformed from error
    return pos
