"""The log for programs: complete, in order, from a cursor; thin unless a purpose is given."""

import re
from collections.abc import Sequence
from typing import Annotated, Any, Final, Literal
from urllib.parse import urlencode
from uuid import UUID

from litestar import Controller, Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromQuery, HeaderParameter, QueryParameter
from msgspec import Struct
from msgspec.structs import replace

from api.database.engine import Transaction
from api.edge import turn_of
from api.intake_routes.feed_items import FeedAnswer, make_item
from api.intake_routes.pull import check_cursor, load_fitting
from api.ledger import cursors, reading_store
from api.ledger.arrivals import wait_for
from api.ledger.cursors import Cursor
from api.ledger.reading_store import SCAN_ENTRIES_MAX, Logged, Stretch
from api.ledger.records import Entity, Scope
from api.problems import NotAllowed, PurposeRequired
from api.register import Register
from api.sessions.records import Principal
from api.views.looking import note_look
from api.views.reading import reader_of
from api.views.records import View
from api.views.scopes import mark_scope, scope_of
from api.views.store import open_views
from sync.keys import encode_base64url
from sync.messages import PULL_LIMIT_MAX, PULL_WAIT_SECONDS_MAX

# A code, not words: it stands in the audit log, where no name of a person may.
_PURPOSE: Final = re.compile(r"[A-Za-z][A-Za-z0-9_.:/-]{1,63}")
_READ_SCOPE: Final = "registrations:read"
#: Programs are told nothing of accounts and their rights.
_OF_PROGRAMS: Final = (
    "premises", "stay", "declaration", "pledge", "departure", "withdrawal", "review", "order",
)  # fmt: skip

Limit = Annotated[int, QueryParameter(ge=1, le=PULL_LIMIT_MAX)]
Wait = Annotated[int, QueryParameter(ge=0, le=PULL_WAIT_SECONDS_MAX)]
Purpose = Annotated[
    str | None,
    HeaderParameter(
        name="Purpose",
        description="What for, in a short code; required with `view=full`, else `purpose.required`",
    ),
]
From = Annotated[str | None, QueryParameter(max_length=4096)]


class Wanted(Struct, frozen=True):
    """Which page of the feed is asked for; a purpose opens the entities."""

    cursor: str | None
    limit: int
    wait: int
    purpose: str | None


def provide_wanted(
    cursor: From = None,
    limit: Limit = 100,
    wait: Wait = 0,
    view: FromQuery[Literal["thin", "full"]] = "thin",
    purpose: Purpose = None,
) -> Wanted:
    """Return what is asked for; raises PurposeRequired for a full view without a purpose."""
    if view == "thin":
        return Wanted(cursor, limit, wait, None)
    if purpose is None or not _PURPOSE.fullmatch(purpose):
        raise PurposeRequired
    return Wanted(cursor, limit, wait, purpose)


class FeedController(Controller):
    """The change feed."""

    path = "/v1/feed"

    @get(opt={"operation": "feed.read"})
    async def read(
        self,
        request: Request[Any, Any, Any],
        register: NamedDependency[Register],
        principal: NamedDependency[Principal],
        wanted: NamedDependency[Wanted],
    ) -> Response[FeedAnswer]:
        """Return entries after the cursor, or from the beginning; waits when there is nothing."""
        _check_scopes(principal, wanted)
        with register.arrivals.watching(principal.account_id) as arrival:
            answer = await _read(register, principal, wanted)
            if wanted.wait and not (answer.items or answer.more):
                with turn_of(request).resting():
                    await wait_for(arrival, wanted.wait)
                answer = await _read(register, principal, wanted)
        if wanted.purpose is not None and answer.items:
            await _audit(register, principal, wanted.purpose)
        headers = {"Link": _link(answer, wanted), "Cache-Control": "no-store"}
        return Response(answer, headers=headers)


def _check_scopes(principal: Principal, wanted: Wanted) -> None:
    """Refuse a program that may follow the log but not read registrations."""
    if wanted.purpose and principal.role == "client" and _READ_SCOPE not in principal.scopes:
        raise NotAllowed


async def _audit(register: Register, principal: Principal, purpose: str) -> None:
    await note_look(register, principal, "feed.full", None, purpose)


def _link(answer: FeedAnswer, wanted: Wanted) -> str:
    """Return where to go on (RFC 8288)."""
    query = {"cursor": answer.cursor, "limit": wanted.limit}
    if wanted.purpose is not None:
        query["view"] = "full"
    return f'</v1/feed?{urlencode(query)}>; rel="next"'


async def _read(register: Register, principal: Principal, wanted: Wanted) -> FeedAnswer:
    log = register.log
    scope = scope_of(principal, log, register.places, register.clock())
    async with register.engine.reading() as tx:
        mark = await mark_scope(tx, log, principal, scope, "feed")
        head = await reading_store.read_head(tx, log)
        cursor = await check_cursor(tx, log, wanted.cursor, mark)
        after = 0 if cursor is None else cursor.p[log][0]
        kinds = _OF_PROGRAMS if principal.role == "client" else ()
        stretch = Stretch(after, head.pos, wanted.limit, kinds)
        entries, until = await _find(tx, log, scope, stretch)
        entities, told = await load_fitting(tx, log, entries)
        if len(told) < len(entries):
            until = told[-1].pos
        views = await _open(tx, register, principal, list(entities.values()), wanted)
        link = await reading_store.find_link(tx, log, until) or b""
    base_url, last = register.settings.base_url, {entry.entity: entry.pos for entry in told}
    return FeedAnswer(
        items=[
            make_item(
                entry,
                entities[entry.entity],
                base_url,
                views.get(entry.entity) if last[entry.entity] == entry.pos else None,
            )
            for entry in told
        ],
        cursor=cursors.write_cursor(Cursor(mark, {log: (until, encode_base64url(link))})),
        more=until < head.pos,
        head=register.heads.sign(head),
    )


async def _find(
    tx: Transaction, log: str, scope: Scope, stretch: Stretch
) -> tuple[list[Logged], int]:
    """Return the next entries that a reader is told of, and up to where it was looked.

    A page is empty at the end of the log alone: whoever goes on at once while there is more always
    gets something. Looked through in parts, each from the next entry of the scope.
    """
    after = stretch.after
    while True:
        until = min(after + SCAN_ENTRIES_MAX, stretch.until)
        part = replace(stretch, after=after, until=until)
        entries = await reading_store.list_entries(tx, log, scope, part)
        if len(entries) == stretch.limit:
            return entries, entries[-1].pos
        if entries or until == stretch.until:
            return entries, until
        after = await reading_store.find_beginning(tx, log, scope, until, stretch.until)


async def _open(
    tx: Transaction,
    register: Register,
    principal: Principal,
    entities: Sequence[Entity],
    wanted: Wanted,
) -> dict[UUID, View]:
    """Return what a purpose opens; nothing without one."""
    if wanted.purpose is None:
        return {}
    views = await open_views(tx, register.log, reader_of(register, principal), entities)
    return {view.id: view for view in views}
