"""Pull: one read snapshot of what changed in a scope, and where kept ids stand."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
from litestar import Controller, Request, post
from litestar.di import NamedDependency
from litestar.params import JSONBody
from msgspec import UNSET, Raw, Struct

from api.database.engine import Transaction
from api.edge import turn_of
from api.intake_routes.paired import list_paired
from api.intake_routes.push import pusher_of
from api.intake_routes.verified import list_again
from api.ledger import cursors, reading_store
from api.ledger.arrivals import wait_for
from api.ledger.cursors import Cursor
from api.ledger.reading_store import SCAN_ENTRIES_MAX, Logged, Stretch
from api.ledger.records import Entity, Head, Scope
from api.ledger.store import load_entities
from api.problems import CursorGone
from api.register import Register
from api.sessions.records import Principal
from api.views.aside import as_told, is_told_apart
from api.views.fetching import note_fetch
from api.views.looking import note_part
from api.views.reading import reader_of
from api.views.rules import fit
from api.views.scopes import mark_scope, scope_of
from api.views.store import open_views
from sync.instants import write_instant
from sync.keys import encode_base64url
from sync.messages import Change, PullAnswer, PullRequest


class PullController(Controller):
    """Receiving changes."""

    path = "/v1/sync"

    @post("/pull", opt={"operation": "sync.pull"}, status_code=200)
    async def pull(
        self,
        request: Request[Any, Any, Any],
        register: NamedDependency[Register],
        principal: NamedDependency[Principal],
        data: JSONBody[PullRequest],
    ) -> PullAnswer:
        """Return changes after the cursor, or a snapshot; waits when there is nothing."""
        with register.arrivals.watching(principal.account_id) as arrival:
            answer = await _pull(register, principal, data)
            is_empty = not (answer.changes or answer.more or answer.snapshot or answer.missing)
            if data.wait and is_empty:
                with turn_of(request).resting():
                    await wait_for(arrival, data.wait)
                answer = await _pull(register, principal, data)
        count = len(answer.changes) + len(answer.snapshot or ())
        await note_part(register, principal, "sync.pull", count, None)
        await note_fetch(register, principal)
        return answer


class _Asked(Struct, frozen=True):
    """One request: by whom, for what, and what that one may see now."""

    register: Register
    principal: Principal
    request: PullRequest
    scope: Scope


class _Page(Struct, frozen=True):
    changes: list[Change]
    snapshot: list[Raw] | None
    cursor: Cursor


async def _pull(register: Register, principal: Principal, request: PullRequest) -> PullAnswer:
    log = register.log
    scope = scope_of(principal, log, register.places, register.clock())
    asked = _Asked(register, principal, request, scope)
    async with register.engine.reading() as tx:
        mark = await mark_scope(tx, log, principal, scope, "pull")
        head = await reading_store.read_head(tx, log)
        cursor = await check_cursor(tx, log, request.cursor, mark)
        if cursor is None or cursor.after is not None:
            page = await _snapshot(tx, asked, cursor or _start(mark, log, head))
        else:
            page = await _changes(tx, asked, cursor)
        have, asker = request.have, pusher_of(principal)
        positions = await reading_store.find_known(tx, log, have, scope, asker)
        held = await reading_store.find_waiting(tx, log, have, asker)
    reached = page.cursor.p[log][0]
    return PullAnswer(
        cursor=cursors.write_cursor(page.cursor),
        head=register.heads.sign(head),
        more=page.cursor.after is not None or reached < head.pos,
        missing=tuple(one for one in have if one not in positions and one not in held),
        at={str(document_id): pos for document_id, pos in positions.items()},
        server_time=write_instant(register.clock()),
        changes=page.changes,
        snapshot=page.snapshot,
    )


def _start(mark: str, log: str, head: Head) -> Cursor:
    return Cursor(mark, {log: (head.pos, encode_base64url(head.chain))}, "")


async def check_cursor(tx: Transaction, log: str, text: str | None, mark: str) -> Cursor | None:
    """Return the cursor when it is of this history and scope; raises CursorGone otherwise."""
    if text is None:
        return None
    try:
        cursor = cursors.read_cursor(text)
        pos, chain = cursor.p[log]
    except (ValueError, KeyError) as error:
        raise CursorGone from error
    link = await reading_store.find_link(tx, log, pos)
    if cursor.s != mark or link is None or encode_base64url(link) != chain:
        raise CursorGone
    return cursor


async def _snapshot(tx: Transaction, asked: _Asked, cursor: Cursor) -> _Page:
    """Return entities in the order of their ids; the cursor keeps where it began."""
    entities = await reading_store.list_entities(
        tx,
        asked.register.log,
        asked.scope,
        after=UUID(cursor.after) if cursor.after else None,
        limit=asked.request.limit,
    )
    fitting = fit(entities)
    views = await _open(tx, asked, fitting)
    is_all = len(entities) < asked.request.limit and len(fitting) == len(entities)
    after = None if is_all else str(fitting[-1].entity)
    return _Page([], list(views.values()), Cursor(cursor.s, cursor.p, after))


async def _changes(tx: Transaction, asked: _Asked, cursor: Cursor) -> _Page:
    log, limit = asked.register.log, asked.request.limit
    head = await reading_store.read_head(tx, log)
    after = cursor.p[log][0]
    until = min(after + SCAN_ENTRIES_MAX, head.pos)
    stretch = Stretch(after, until, limit)
    entries = await reading_store.list_entries(tx, log, asked.scope, stretch)
    if len(entries) == limit:
        until = entries[-1].pos
    entities, fitting = await load_fitting(tx, log, entries)
    if len(fitting) < len(entries):
        until = fitting[-1].pos
    again = await list_again(tx, log, asked.scope, after=after, until=until)
    until = again.until
    told = [*(entry for entry in fitting if entry.pos <= until), *again.entries]
    entities |= await load_entities(tx, log, [one.entity for one in again.entries])
    paired = []
    if not is_told_apart(asked.principal.role):
        paired = await list_paired(tx, log, told, entities)
    entities |= await load_entities(tx, log, [one.entity for one in paired])
    changes = await _describe(tx, asked, [*told, *paired], entities)
    link = await reading_store.find_link(tx, log, until) or b""
    return _Page(changes, None, Cursor(cursor.s, {log: (until, encode_base64url(link))}))


async def load_fitting(
    tx: Transaction, log: str, entries: Sequence[Logged]
) -> tuple[dict[UUID, Entity], Sequence[Logged]]:
    """Return the entities of these entries as far as a page takes them, and those entries."""
    ids = list(dict.fromkeys(entry.entity for entry in entries))
    found = await load_entities(tx, log, ids)
    entities = {entity.entity: entity for entity in fit([found[one] for one in ids])}
    left_out = (at for at, entry in enumerate(entries) if entry.entity not in entities)
    return entities, entries[: next(left_out, len(entries))]


async def _describe(
    tx: Transaction, asked: _Asked, entries: Sequence[Logged], entities: dict[UUID, Entity]
) -> list[Change]:
    """Return a change an entry; an entity is shown once, with the last of its changes."""
    views = await _open(tx, asked, list(entities.values()))
    last = {entry.entity: entry.pos for entry in entries}
    return [
        Change(
            log=asked.register.log,
            pos=entry.pos,
            id=entry.id,
            kind=entry.kind,
            entity=entry.entity,
            effect=as_told(asked.principal.role, entities[entry.entity]).effect,
            view=views[entry.entity] if last[entry.entity] == entry.pos else UNSET,
        )
        for entry in entries
    ]


async def _open(tx: Transaction, asked: _Asked, entities: Sequence[Entity]) -> dict[UUID, Raw]:
    reader = reader_of(asked.register, asked.principal)
    views: list[Any] = await open_views(tx, asked.register.log, reader, entities)
    return {view.id: Raw(msgspec.json.encode(view)) for view in views}
