"""Reading stays; who searches or reveals is put down before anything is shown.

Functions, not a controller: the gateway's controller has the same paths for writing.
"""

from collections.abc import Sequence
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from api.audit.records import Look, Purpose
from api.audit.store import record_look, spend_reveal
from api.database.engine import Transaction
from api.facts.deadlines import PHNOM_PENH
from api.facts.values import find_text_fault
from api.ledger.bodies import read_struct
from api.ledger.reading_store import load_disclosures
from api.ledger.records import Effect, Entity, Scope
from api.orders.rules import day_of
from api.problems import NotAllowed, PurposeRequired, TooManyRequests, Unprocessable
from api.sessions.rules import may
from api.stays import rules, store
from api.stays.records import Revealed, RevealReason, TravelDocument
from api.views.looking import note_look
from api.views.reading import Reading
from api.views.records import Page, View, Wanted
from sync.document import open_disclosure
from sync.messages import FieldError

_BEGINNING: Final = 3
_CLOSEST: Final = 20
_DAY_SECONDS: Final = 86_400
Query = Annotated[str | None, QueryParameter(max_length=100)]
For = Annotated[
    Purpose | None,
    QueryParameter(description="What for; required with `q`, else `purpose.required`"),
]


@get("/v1/stays", opt={"operation": "stays.read"})
async def list_stays(
    reading: NamedDependency[Reading],
    premises_id: FromQuery[UUID | None] = None,
    place: FromQuery[str | None] = None,
    effect: FromQuery[Effect | None] = None,
    q: Query = None,
    purpose: For = None,
) -> Response[Page]:
    """Return stays in the reader's scope, newest first; `q` searches names for a purpose."""
    if q is not None:
        return await _search(reading, q, purpose)
    wanted = Wanted(kind="stay", premises_id=premises_id, place=place, effect=effect)
    return await reading.list_page(wanted)


@get("/v1/stays/{stay_id:uuid}", opt={"operation": "stays.read"})
async def show_stay(reading: NamedDependency[Reading], stay_id: FromPath[UUID]) -> Response[View]:
    """Return a stay with its history."""
    return await reading.show("stay", stay_id)


@post(
    "/v1/stays/{stay_id:uuid}/reveal",
    opt={"operation": "stays.reveal", "content": RevealReason},
    status_code=200,
)
async def reveal_document(
    reading: NamedDependency[Reading], stay_id: FromPath[UUID], data: JSONBody[dict[str, Any]]
) -> Revealed:
    """Return the travel document unmasked; counted against 20 a day and put down with its reason.

    Raises TooManyRequests when the day's budget is used up. The body is read after the scope, so
    that nobody learns from it what is there.
    """
    register, account_id = reading.register, reading.principal.account_id
    now_ms = register.clock()

    async def reveal(tx: Transaction) -> Revealed:
        entity = await reading.find(tx, "stay", stay_id)
        reason = _read_reason(data)
        document = await _read_document(tx, register.log, entity)
        remaining = await spend_reveal(tx, register.log, account_id, day_of(now_ms))
        if remaining is None:
            raise TooManyRequests(retry_after=_seconds_to_midnight(now_ms))
        look = Look(account_id, "stay.reveal", stay_id, reason)
        await record_look(tx, register.log, look, now_ms)
        return Revealed(stay_id, document, remaining)

    return await register.engine.insist(reveal)


def _read_reason(data: dict[str, Any]) -> str:
    read = read_struct(data, RevealReason, "")
    if isinstance(read, FieldError):
        raise Unprocessable("schema", errors=(read,))
    if find_text_fault(read.reason):
        raise Unprocessable("schema", errors=(FieldError("/reason", "field.text"),))
    return read.reason


async def _search(reading: Reading, text: str, purpose: Purpose | None) -> Response[Page]:
    """Return stays whose names are like a text, the most alike first; one part, no cursor."""
    if not may(reading.principal, "stays.search"):
        raise NotAllowed
    if purpose is None:
        raise PurposeRequired
    register, scope = reading.register, reading.scope
    await note_look(register, reading.principal, "stays.search", None, purpose)

    async def find(tx: Transaction) -> Page:
        found = await _find(tx, register.log, scope, text)
        return await reading.open_page(tx, rules.rank(text, found)[: reading.part.limit])

    page = await register.engine.read(find)
    return reading.link(Page(page.items, None))


async def _find(tx: Transaction, log: str, scope: Scope, text: str) -> dict[UUID, list[str]]:
    """Return stays that have every word, or the name in one piece, with their tokens.

    When nobody has every word, one of them may be misspelt from its beginning on.
    """
    words = rules.read_query(text)
    tokens = [
        rules.choose_tokens(word, await store.list_tokens(tx, log, _beginnings(word)))
        for word in words
    ]
    whole = rules.join_query(text)
    joined = list(await store.list_tokens(tx, log, [whole])) if whole else []
    found = await store.find_named(tx, log, scope, tokens)
    found |= await store.find_named(tx, log, scope, [joined])
    return found or await _find_misspelt(tx, log, scope, words, tokens)


async def _find_misspelt(
    tx: Transaction,
    log: str,
    scope: Scope,
    words: Sequence[frozenset[str]],
    tokens: Sequence[Sequence[str]],
) -> dict[UUID, list[str]]:
    """Return stays that have every word but one, and in its place a word like it.

    Which words that may be is looked for among those who have the others: few, of all that begin
    in any way.
    """
    found: dict[UUID, list[str]] = {}
    for at, word in enumerate(words):
        others = [one[:_CLOSEST] for one in (*tokens[:at], *tokens[at + 1 :])]
        beside = await store.list_tokens_beside(tx, log, others)
        alike = rules.choose_tokens(word, beside, rules.ALIKE)
        found |= await store.find_named(tx, log, scope, [*others, alike])
    return found


def _beginnings(word: frozenset[str]) -> list[str]:
    return sorted({spelling[:_BEGINNING] for spelling in word})


async def _read_document(tx: Transaction, log: str, entity: Entity) -> TravelDocument | None:
    """Return the document as it was disclosed; None when none was shown or it was erased."""
    holder = entity.detail.disclosed.get("document")
    texts = await load_disclosures(tx, log, [holder] if holder else [])
    text = texts.get(holder, {}).get("document") if holder else None
    return None if text is None else msgspec.convert(open_disclosure(text), TravelDocument)


def _seconds_to_midnight(now_ms: int) -> int:
    """Return how long the day lasts in Cambodia."""
    local = now_ms // 1000 + round((PHNOM_PENH.utcoffset(None)).total_seconds())
    return _DAY_SECONDS - local % _DAY_SECONDS
