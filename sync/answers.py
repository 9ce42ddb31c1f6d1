"""What the register answered, checked and made events: nothing unproven reaches the states."""

from collections.abc import Mapping, Sequence

from sync.instants import read_instant
from sync.keys import PublicJwk
from sync.messages import Anchor, PullAnswer, PushResult
from sync.receipts import Receipt, read_head, read_receipt
from sync.states import ItemAnswer, Pulled, Row

Keys = Mapping[str, PublicJwk]


def read_results(
    sent: Sequence[Row], results: Sequence[PushResult], keys: Keys, log: str
) -> tuple[ItemAnswer, ...]:
    """Return a push's results; a receipt that does not hold for its document is left out [S3]."""
    by_id = {row.id: row for row in sent}
    answers: list[ItemAnswer] = []
    for result in results:
        row = None if result.id is None else by_id.get(result.id)
        receipt = None if row is None else find_receipt(row, result.receipt, keys, log)
        problem = result.problem
        answer = ItemAnswer(
            id=result.id,
            hash=result.hash,
            custody=result.custody,
            receipt=result.receipt if receipt else None,
            pos=receipt.pos if receipt else None,
            missing=result.missing,
            code=problem.code if problem else None,
            errors=problem.errors if problem else (),
            retry_after_seconds=result.retry_after,
        )
        answers.append(answer)
    return tuple(answers)


def find_receipt(row: Row, text: str | None, keys: Keys, log: str) -> Receipt | None:
    """Return what a receipt says when a known key signed it for this very document."""
    if text is None:
        return None
    try:
        receipt = read_receipt(text, keys)
    except ValueError:
        return None
    is_its_own = (receipt.id, receipt.hash, receipt.log) == (row.id, row.hash, log)
    return receipt if is_its_own else None


def read_anchor(answers: Sequence[ItemAnswer], keys: Keys) -> Anchor | None:
    """Return the latest position that these answers prove, to stand in the next document [C2]."""
    receipts = [read_receipt(answer.receipt, keys) for answer in answers if answer.receipt]
    if not receipts:
        return None
    last = max(receipts, key=lambda receipt: receipt.pos)
    return Anchor(last.pos, last.chain, last.received_at)


def read_pulled(sent_cursor: str | None, answer: PullAnswer, keys: Keys, log: str) -> Pulled:
    """Return the event of a pull's answer [P6]; raises ValueError when its head does not hold."""
    head = read_head(answer.head, keys)
    if head.log != log:
        raise ValueError("a head of another log")
    last_pos = max((change.pos for change in answer.changes), default=0)
    return Pulled(
        sent_cursor=sent_cursor,
        cursor=answer.cursor,
        head_pos=head.pos,
        passed_pos=last_pos if answer.more else head.pos,
        missing=answer.missing,
        at=answer.at,
        server_time_ms=read_instant(answer.server_time),
    )
