"""The device's side of the protocol: one pure state machine for phone, node and program.

Storing (outbox.py) and sending (client.py) are elsewhere. The steps in brackets are those of
README.md. A draft has no bytes yet: the machine begins where a document is signed. Its cases stand
in `tests/vectors/replica.json` and are replayed by the twin in `pwa/src/sync/` too.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final
from uuid import UUID

from msgspec.structs import replace

from sync.batch import retry_delay_ms, told_delay_ms
from sync.states import (
    Answered,
    Composed,
    Event,
    Failed,
    Gone,
    ItemAnswer,
    Link,
    Pulled,
    Replica,
    Row,
    Sending,
    Started,
    find_registration,
    is_registration,
)

RETENTION_MS: Final = 60 * 24 * 3600 * 1000
_UNSETTLED: Final = ("queued", "sending", "held", "blocked")
_UNAUTHORIZED: Final = 401
_TOO_LARGE: Final = 413
_ELSEWHERE: Final = 421
_TOO_OLD: Final = 426


def advance(replica: Replica, event: Event) -> Replica:
    """Return the device after an event; rows that did not change are the same objects."""
    match event:
        case Composed():
            after = _compose(replica, event.row)
        case Started():
            after = _start(replica, is_asked=event.asked)
        case Sending():
            after = _with_rows(replica, [_send(replica.rows[id]) for id in event.ids])
        case Answered():
            after = _apply_answer(replica, event)
        case Failed():
            after = _apply_failure(replica, event)
        case Pulled():
            after = _apply_pull(replica, event)
        case Gone():
            after = _forget_history(replica, event)
    return after


def _with_rows(replica: Replica, rows: Iterable[Row]) -> Replica:
    changed = {row.id: row for row in rows}
    return replace(replica, rows={**replica.rows, **changed}) if changed else replica


def _compose(replica: Replica, row: Row) -> Replica:
    # What rests on it may be here before it, when a device carries for others.
    blocked = _block(replica.rows, row)
    return _cascade(_with_rows(replica, [blocked])) if blocked else _with_rows(replica, [row])


def _send(row: Row) -> Row:
    return replace(row, state="sending")


def _start(replica: Replica, *, is_asked: bool) -> Replica:
    # A program that died while sending does not know what arrived: the register does [S2].
    rows = [
        replace(row, state="queued", not_before_ms=0)
        for row in replica.rows.values()
        if row.state == "sending" or (_is_delayed(row) and (is_asked or row.attempts))
    ]
    told_ms = 0 if is_asked else replica.link.told_ms
    link = Link(not_before_ms=told_ms, told_ms=told_ms)
    return _with_rows(replace(replica, link=link), rows)


def _is_delayed(row: Row) -> bool:
    """Told to wait: after a failed try, or, before the first, so that it can be taken back."""
    return row.state == "queued" and row.not_before_ms > 0


def _requeue(row: Row) -> Row:
    return replace(row, state="queued", not_before_ms=0)


def _delay(row: Row, at_ms: int, random: float, retry_after_seconds: int | None = None) -> Row:
    attempts = row.attempts + 1
    delay = retry_delay_ms(attempts, random, retry_after_seconds)
    return replace(row, state="queued", attempts=attempts, not_before_ms=at_ms + delay)


def _apply_answer(replica: Replica, event: Answered) -> Replica:
    answers = _match_answers(replica, event)
    rows = [
        _apply_item(replica, row, answers[row.id], event)
        for row in replica.rows.values()
        if row.id in answers and row.state in _UNSETTLED
    ]
    unanswered = [_put_off(replica.rows[id], event) for id in event.sent if id not in answers]
    link = replace(replica.link, failures=0, not_before_ms=0, told_ms=0)
    answered = _with_rows(replace(replica, link=link), [*rows, *unanswered])
    if any(_is_own_key_unknown(replica, replica.rows[id], answers[id]) for id in answers):
        answered = _register_again(answered)
    return _cascade(answered)


def _match_answers(replica: Replica, event: Answered) -> dict[UUID, ItemAnswer]:
    """Match results by id and hash [S3]; one without them, an unreadable payload, by its place."""
    found: dict[UUID, ItemAnswer] = {}
    in_order = len(event.results) == len(event.sent)
    for place, answer in enumerate(event.results):
        id = event.sent[place] if answer.id is None and in_order else answer.id
        row = None if id is None else replica.rows.get(id)
        if row is not None and (answer.id is None or answer.hash == row.hash):
            found[row.id] = answer
    return found


def _apply_item(replica: Replica, row: Row, answer: ItemAnswer, event: Answered) -> Row:
    match answer.custody:
        case "stored" | "duplicate" if answer.receipt or is_registration(replica, row):
            after = _receive(row, answer)
        case "held":
            after = _hold(row, answer)
        case "rejected" if not _is_own_key_unknown(replica, row, answer):
            after = _settle(row, state="rejected", code=answer.code, errors=answer.errors)
        case _:
            after = _put_off(row, event, answer)
    return after


def _settle(row: Row, **changes: Any) -> Row:
    cleared = replace(
        row, attempts=0, not_before_ms=0, missing=(), code=None, errors=(), blocked_by=None
    )
    return replace(cleared, **changes)


def _receive(row: Row, answer: ItemAnswer) -> Row:
    return _settle(
        row, state="received", receipt=answer.receipt, pos=answer.pos, confirmed_at_ms=None
    )


def _hold(row: Row, answer: ItemAnswer) -> Row:
    if row.state == "blocked":
        return row
    return _settle(row, state="held", missing=answer.missing, code=answer.code)


def _put_off(row: Row, event: Answered, answer: ItemAnswer | None = None) -> Row:
    if row.state != "sending":
        return row
    retry_after_seconds = answer.retry_after_seconds if answer else None
    delayed = _delay(row, event.at_ms, event.random, retry_after_seconds)
    return replace(delayed, code=answer.code if answer else None)


def _is_own_key_unknown(replica: Replica, row: Row, answer: ItemAnswer) -> bool:
    return answer.code == "device-unknown" and row.by == replica.kid


def _register_again(replica: Replica) -> Replica:
    """A server that no longer knows this key was restored: register with the same bytes [R4]."""
    registration = find_registration(replica)
    if registration is None or registration.state not in ("received", "confirmed"):
        return replica
    return _with_rows(replica, [replace(_requeue(registration), confirmed_at_ms=None)])


def _cascade(replica: Replica) -> Replica:
    """What rests on a refused document can never be applied: it is blocked and shown [S5]."""
    rows = dict(replica.rows)
    is_changed = True
    while is_changed:
        blocked = [found for row in rows.values() if (found := _block(rows, row)) is not None]
        is_changed = bool(blocked)
        rows.update((row.id, row) for row in blocked)
    return _with_rows(replica, (row for row in rows.values() if row is not replica.rows[row.id]))


def _block(rows: Mapping[UUID, Row], row: Row) -> Row | None:
    if row.state not in ("queued", "sending", "held"):
        return None
    for id in row.after:
        refused = rows.get(id)
        if refused is not None and refused.state in ("rejected", "blocked"):
            return _settle(row, state="blocked", blocked_by=refused.blocked_by or refused.id)
    return None


def _apply_failure(replica: Replica, event: Failed) -> Replica:
    sent = [replica.rows[id] for id in event.sent if replica.rows[id].state == "sending"]
    if event.status == _TOO_LARGE and sent:
        return _halve(replica, sent, event)
    failed = _with_rows(replica, [_requeue(row) for row in sent])
    if event.code == "device-unknown":
        failed = _register_again(failed)
    return replace(failed, link=_fail(replica.link, event))


def _halve(replica: Replica, sent: list[Row], event: Failed) -> Replica:
    if len(sent) > 1:
        link = replace(replica.link, batch_items_max=len(sent) // 2)
        return _with_rows(replace(replica, link=link), [_requeue(row) for row in sent])
    # Alone and still too large for something on the way: the others go first.
    delayed = _delay(sent[0], event.at_ms, event.random)
    return _with_rows(replica, [replace(delayed, code=event.code)])


def _fail(link: Link, event: Failed) -> Link:
    failures = link.failures + 1
    delay = retry_delay_ms(failures, event.random, event.retry_after_seconds)
    if event.status == _UNAUTHORIZED and link.failures == 0:
        delay = 0  # a token that ran out is no fault: sign in and go on
    return replace(
        link,
        failures=failures,
        not_before_ms=event.at_ms + delay,
        told_ms=_add_told(event),
        may_compose=link.may_compose and event.status != _TOO_OLD,
        moved_to=event.moved_to if event.status == _ELSEWHERE else link.moved_to,
    )


def _add_told(event: Failed) -> int:
    told_ms = told_delay_ms(event.retry_after_seconds)
    return event.at_ms + told_ms if told_ms else 0


def _apply_pull(replica: Replica, event: Pulled) -> Replica:
    if event.sent_cursor != replica.cursor:
        return replica  # an answer to a question of before: its cursor would leave a gap [P3]
    missing = set(event.missing)
    changed = [_apply_standing(row, row.id in missing, event) for row in replica.rows.values()]
    link = replace(replica.link, failures=0, not_before_ms=0, told_ms=0)
    pulled = _with_rows(
        replace(replica, cursor=event.cursor, link=link),
        (row for row in changed if row is not replica.rows[row.id]),
    )
    return _cascade(pulled) if missing else pulled


def _apply_standing(row: Row, is_missing: bool, event: Pulled) -> Row:
    if is_missing and row.state in ("held", "received", "confirmed"):
        return replace(_requeue(row), confirmed_at_ms=None)
    if row.state == "confirmed":
        return _shorten(row, event.server_time_ms)
    pos = event.at.get(str(row.id))
    if pos is None or row.state not in ("held", "received"):
        return row
    if row.state == "held" or row.pos not in (None, pos):
        return _requeue(row)  # the register answers with the receipt of this history [P5]
    return _confirm(row, pos, event)


def _confirm(row: Row, pos: int, event: Pulled) -> Row:
    is_covered = pos <= event.passed_pos and pos <= event.head_pos
    if event.sent_cursor is None or not is_covered:
        return row if row.pos == pos else replace(row, pos=pos)
    return replace(row, state="confirmed", pos=pos, confirmed_at_ms=event.server_time_ms)


def _shorten(row: Row, server_time_ms: int) -> Row:
    """Sixty days after confirmation, by the server's clock only, the bytes may go [P7]."""
    confirmed_at_ms = row.confirmed_at_ms
    if confirmed_at_ms is None or server_time_ms - confirmed_at_ms < RETENTION_MS:
        return row
    return replace(row, state="summary")


def _forget_history(replica: Replica, event: Gone) -> Replica:
    """After 410 nothing is confirmed any more; the outbox itself is never dropped [R1]."""
    if event.sent_cursor != replica.cursor:
        return replica
    rows = [
        replace(row, state="received", confirmed_at_ms=None)
        for row in replica.rows.values()
        if row.state == "confirmed"
    ]
    return _with_rows(replace(replica, cursor=None), rows)
