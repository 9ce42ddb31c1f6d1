"""What became of a draft, as the answer of a request or as one row of a batch."""

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from litestar import Response
from litestar.status_codes import HTTP_200_OK, HTTP_201_CREATED, HTTP_202_ACCEPTED

from api.gateway.records import RowResult, Settled, Written
from api.gateway.rules import may_see
from api.ledger.store import load_entities
from api.problems import Refusal
from api.register import Register
from api.rendering import describe
from api.sessions.records import Principal
from api.views.reading import reader_of
from api.views.records import View
from api.views.store import open_views

_PATHS: Final = {
    "premises": "/v1/premises",
    "stay": "/v1/stays",
    "declaration": "/v1/declarations",
    "pledge": "/v1/pledges",
}


async def open_written(
    register: Register, principal: Principal, settled: Sequence[Settled | Refusal]
) -> dict[UUID, View]:
    """Return the entities of what is in the log, as they stand now."""
    wanted = [
        one.draft.entity for one in settled if isinstance(one, Settled) and one.receipt is not None
    ]
    reader = reader_of(register, principal)
    async with register.engine.reading() as tx:
        entities = await load_entities(tx, register.log, wanted)
        seen = [entity for entity in entities.values() if may_see(principal, entity)]
        views = await open_views(tx, register.log, reader, seen)
    return {view.id: view for view in views}


def answer_one(
    settled: Settled, views: Mapping[UUID, View], *, is_new: bool, dry_run: bool
) -> Response[Written]:
    """Return what was written, where it stands, and which revision is current."""
    written = _describe(settled, views, dry_run=dry_run)
    replayed = "true" if settled.is_replayed else None
    headers = {
        "Cache-Control": "no-store",
        "ETag": _tag(written),
        "Location": _locate(written),
        "Idempotency-Replayed": replayed,
    }
    return Response(
        written,
        status_code=_status(written, is_new=is_new),
        headers={name: value for name, value in headers.items() if value is not None},
    )


def answer_row(
    key: UUID | None,
    settled: Settled | Refusal,
    views: Mapping[UUID, View],
    *,
    request_id: str,
    dry_run: bool,
) -> RowResult:
    """Return the status, headers and body that the row would have had alone."""
    if isinstance(settled, Refusal):
        problem = describe(settled, request_id)
        return RowResult(status=problem.status, idempotency_key=key, problem=problem)
    written = _describe(settled, views, dry_run=dry_run)
    return RowResult(
        status=_status(written, is_new=True),
        idempotency_key=key,
        location=_locate(written),
        etag=_tag(written),
        is_replayed=settled.is_replayed,
        answer=written,
    )


def _describe(settled: Settled, views: Mapping[UUID, View], *, dry_run: bool) -> Written:
    """Describe what was or would be written; a dry run of something new has nothing to show."""
    return Written(
        id=settled.draft.id,
        custody=settled.custody,
        view=views.get(settled.draft.entity),
        receipt=settled.receipt,
        missing=settled.missing,
        dry_run=dry_run,
    )


def _status(written: Written, *, is_new: bool) -> int:
    """Return 202 while it waits, 201 for what is in the log, 200 for a correction or a dry run."""
    if written.custody == "held":
        return HTTP_202_ACCEPTED
    return HTTP_201_CREATED if is_new and written.receipt is not None else HTTP_200_OK


def _tag(written: Written) -> str | None:
    return f'"{written.view.revision}"' if written.view is not None else None


def _locate(written: Written) -> str | None:
    view = written.view
    return f"{_PATHS[view.kind]}/{view.id}" if view is not None and view.kind in _PATHS else None
