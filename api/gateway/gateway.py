"""One plain write from request to answer: draft, write, answer; a batch is many of them."""

from collections.abc import Mapping, Sequence
from typing import Any, cast
from uuid import UUID

from litestar import Response
from msgspec import Struct

from api.gateway.answers import answer_one, answer_row, open_written
from api.gateway.drafting import Content, draft_new, draft_on
from api.gateway.records import ROWS_MAX, BatchAnswer, Draft, Written
from api.gateway.rules import read_key
from api.gateway.writing import write
from api.problems import Refusal, TooLarge, Unprocessable
from api.register import Register
from api.rendering import REQUEST_ID, new_request_id
from api.sessions.records import Principal
from sync.messages import FieldError


class Gateway(Struct, frozen=True):
    """Who asks, under which key and condition, and whether only to see what would happen."""

    register: Register
    principal: Principal
    key: str | None
    if_match: str | None
    dry_run: bool

    async def create(self, kind: str, values: Mapping[str, Any]) -> Response[Written]:
        """Write a first revision: 201, or 202 while something that it names is missing."""
        contents = [Content(values, read_key(self.key))]
        (draft,) = await draft_new(self.register, self.principal, kind, contents)
        return await self._write(draft, is_new=True)

    async def amend(
        self, kind: str, target: tuple[str, UUID], values: Mapping[str, Any]
    ) -> Response[Written]:
        """Correct (200) or end (201) an entity `(kind, id)` in the caller's scope."""
        content = Content(values, read_key(self.key))
        draft = await draft_on(
            self.register, self.principal, kind, target, content, if_match=self.if_match
        )
        return await self._write(draft, is_new=kind != target[0])

    async def _write(self, draft: Draft | Refusal, *, is_new: bool) -> Response[Written]:
        (settled,) = await write(self.register, self.principal, [draft], dry_run=self.dry_run)
        if isinstance(settled, Refusal):
            raise settled
        views = await open_written(self.register, self.principal, [settled])
        return answer_one(settled, views, is_new=is_new, dry_run=self.dry_run)

    async def create_rows(self, kind: str, rows: Sequence[Any]) -> Response[BatchAnswer]:
        """Write first revisions, each row under its own key; one result a row."""
        if len(rows) > ROWS_MAX:
            raise TooLarge
        contents = [_read_row(row, f"/rows/{index}") for index, row in enumerate(rows)]
        drafts = await draft_new(self.register, self.principal, kind, contents)
        settled = await write(self.register, self.principal, drafts, dry_run=self.dry_run)
        views = await open_written(self.register, self.principal, settled)
        keys = [None if isinstance(one, Refusal) else one.key for one in contents]
        request_id = new_request_id()
        results = [
            answer_row(key, one, views, request_id=request_id, dry_run=self.dry_run)
            for key, one in zip(keys, settled, strict=True)
        ]
        return Response(BatchAnswer(results), headers={REQUEST_ID: request_id})


def _read_row(row: object, at: str) -> Content | Refusal:
    if not isinstance(row, dict):
        return Unprocessable("schema", errors=(FieldError(at, "field.type"),))
    values = cast("dict[str, Any]", row)
    try:
        key = read_key(values.pop("idempotency_key", None), f"{at}/idempotency_key")
    except Refusal as refusal:
        return refusal
    return Content(values, key, at)
