"""Signs drafts and hands them to the one committer; a key that was used answers as it did."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from msgspec.structs import replace

from api.gateway.records import Draft, Earlier, Settled
from api.gateway.rules import MATCH_HEADER, is_same, is_same_draft, refuse
from api.gateway.store import find_earlier
from api.ledger.composing import Frame
from api.ledger.group import Outcome, Sent
from api.ledger.records import Pusher
from api.limits import PERSON_SECONDS
from api.problems import IdempotencyReused, Malformed, Refusal, Stale, TooLarge, TooManyRequests
from api.register import Register
from api.sessions.records import Principal
from api.sessions.sending import submit_as
from sync.custody import Duplicate, Held, Later, Rejected, Stored
from sync.document import Refused, read_document
from sync.messages import PAYLOAD_BYTES_MAX, FieldError, Item


async def write(
    register: Register, principal: Principal, drafts: Sequence[Draft | Refusal], *, dry_run: bool
) -> list[Settled | Refusal]:
    """Return what became of each draft, in their order; of two with one id the first is written."""
    attested = [_attest(draft, principal) for draft in drafts]
    first = {draft.id: draft for draft in reversed(attested) if isinstance(draft, Draft)}
    settled = await _find_settled(register, first)
    fresh = [draft for draft in first.values() if draft.id not in settled]
    settled |= await _submit(register, principal, fresh, dry_run=dry_run)
    results = [
        _settle_row(draft, first[draft.id], settled[draft.id])
        if isinstance(draft, Draft)
        else draft
        for draft in attested
    ]
    return [_without_receipt(one) for one in results] if dry_run else results


def _without_receipt(settled: Settled | Refusal) -> Settled | Refusal:
    """A dry run hands out no receipt, not even of what is stored already."""
    return settled if isinstance(settled, Refusal) else replace(settled, receipt=None)


def _attest(draft: Draft | Refusal, principal: Principal) -> Draft | Refusal:
    """Say in the body who attests this and for whom."""
    if isinstance(draft, Refusal):
        return draft
    ours = {"attested_by": "register", "on_behalf_of": str(principal.account_id)}
    return replace(draft, body={**draft.body, **ours})


def _settle_row(draft: Draft, first: Draft, settled: Settled | Refusal) -> Settled | Refusal:
    if draft is first:
        return settled
    if not is_same_draft(draft, first):
        return IdempotencyReused()
    return settled if isinstance(settled, Refusal) else replace(settled, is_replayed=True)


async def _find_settled(
    register: Register, drafts: Mapping[UUID, Draft]
) -> dict[UUID, Settled | Refusal]:
    async with register.engine.reading() as tx:
        earlier = await find_earlier(tx, register.log, list(drafts))
    return {key: _replay(drafts[key], found) for key, found in earlier.items()}


def _replay(draft: Draft, earlier: Earlier) -> Settled | Refusal:
    if not is_same(draft, earlier):
        return IdempotencyReused()
    return Settled(
        draft=draft,
        custody="held" if earlier.receipt is None else "stored",
        receipt=earlier.receipt,
        missing=earlier.missing,
        is_replayed=True,
    )


async def _submit(
    register: Register, principal: Principal, drafts: Sequence[Draft], *, dry_run: bool
) -> dict[UUID, Settled | Refusal]:
    settled: dict[UUID, Settled | Refusal] = {}
    signed: list[tuple[Draft, Sent]] = []
    for draft in drafts:
        try:
            signed.append((draft, _sign(register, principal, draft, dry_run=dry_run)))
        except Refusal as refusal:
            settled[draft.id] = refusal
    sent = [one for _, one in signed]
    outcomes = await submit_as(register, principal, sent, dry_run=dry_run)
    for (draft, _), outcome in zip(signed, outcomes, strict=True):
        settled[draft.id] = _read_outcome(draft, outcome)
    # The same request in parallel was faster: what it wrote is the answer to both.
    outrun = {
        draft.id: draft for draft in drafts if isinstance(settled[draft.id], IdempotencyReused)
    }
    return settled | (await _find_settled(register, outrun) if outrun else {})


def _sign(register: Register, principal: Principal, draft: Draft, *, dry_run: bool) -> Sent:
    if draft.is_stale:
        raise Stale(errors=(FieldError(MATCH_HEADER, "field.value"),))
    item = _compose(register, draft, dry_run=dry_run)
    texts = (item.payload, *(item.disclosures or {}).values())
    if max(len(text.encode()) for text in texts) > PAYLOAD_BYTES_MAX:
        raise TooLarge
    try:
        prepared = register.folder.prepare(read_document(item))
    except Refused as error:
        raise Malformed from error
    return Sent(prepared, Pusher(principal.account_id), is_conditional=draft.is_conditional)


def _compose(register: Register, draft: Draft, *, dry_run: bool) -> Item:
    frame = Frame(
        document_id=draft.id, place=draft.place, after=draft.after, disclosed=draft.disclosed
    )
    if draft.revises is not None:
        frame["revises"] = draft.revises
    composer = register.composer
    compose = composer.rehearse if dry_run else composer.compose
    return compose(draft.kind, draft.body, **frame)


def _read_outcome(draft: Draft, outcome: Outcome) -> Settled | Refusal:
    match outcome.decision:
        case Stored():
            return Settled(draft=draft, receipt=outcome.receipt)
        case Duplicate(receipt=receipt):
            return Settled(draft=draft, receipt=receipt, is_replayed=True)
        case Held(missing=missing):
            return Settled(draft=draft, custody="held", missing=missing)
        case Rejected(fault=fault):
            return IdempotencyReused() if fault.code == "id-reuse" else refuse(draft, fault)
        case Later():
            return TooManyRequests(retry_after=PERSON_SECONDS)
