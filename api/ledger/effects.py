"""How documents change an entity: revisions, branches, verdicts and endings; pure."""

from collections.abc import Collection, Mapping
from typing import Any, Final, Literal, cast
from uuid import UUID

from msgspec.structs import replace

from api.ledger.records import Detail, Effect, Ending, Entity, Entry, Grade, Verdict
from sync.instants import read_instant
from sync.messages import PAYLOAD_BYTES_MAX

Bodies = Mapping[UUID, tuple[UUID | None, dict[str, Any]]]
Revisions = dict[UUID, dict[UUID, tuple[UUID | None, dict[str, Any]]]]
#: An entity's body, however many corrections made it: as much as one document may say.
BODY_BYTES_MAX: Final = PAYLOAD_BYTES_MAX
#: What may follow a first revision; departure and withdrawal find as much room again.
LATER_MAX: Final = 200
LATER_BYTES_MAX: Final = 1024 * 1024
#: Reviews of one entity; the first of a revision, and a stricter one, find room all the same.
REVIEWS_MAX: Final = 200
#: A clock that is off by less is like any other.
SKEW_MINUTES: Final = 5
_MINUTE_MS: Final = 60_000
_STRICTNESS: Final = {"refer": 2, "return": 1, "accept": 0}
_EFFECT_OF_VERDICT: Final[dict[str, Effect]] = {
    "accept": "accepted",
    "return": "returned",
    "refer": "referred",
}
_ENDED: Final = ("withdrawn", "departed", "superseded")
WEAKNESS: Final[tuple[Grade, ...]] = ("author", "register", "paper")


def merge_patch(target: object, patch: Mapping[str, Any]) -> dict[str, Any]:
    """Apply a JSON merge patch that is an object (RFC 7396); arrays are replaced whole."""
    merged = dict(cast("Mapping[str, Any]", target)) if isinstance(target, Mapping) else {}
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        elif isinstance(value, Mapping):
            merged[name] = merge_patch(merged.get(name), cast("Mapping[str, Any]", value))
        else:
            merged[name] = value
    return merged


def begin(entry: Entry, *, premises_id: UUID | None, effect: Effect = "pending") -> Entity:
    """Return the entity that a first revision creates."""
    payload = entry.document.payload
    return Entity(
        log=payload.log,
        entity=payload.entity,
        kind=payload.kind,
        revision=payload.id,
        effect=effect,
        place=payload.place,
        premises_id=premises_id,
        author=entry.author,
        created_pos=entry.pos,
        changed_pos=entry.pos,
        received_ms=entry.received_ms,
        body=entry.prepared.body,
        detail=_carry(Detail(grade=entry.grade), entry, {}, entry.prepared.body),
    )


def amend(entity: Entity, entry: Entry, body: dict[str, Any]) -> Entity:
    """Return the entity after a correction whose merged body is `body`.

    A correction of the current revision becomes current; any other is kept as a conflict branch
    until a later correction names it in `resolves`. An entity that ended never reopens.
    """
    payload, is_signed = entry.document.payload, _is_signed(entity, entry)
    entity = replace(_count_later(entity, entry), changed_pos=entry.pos)
    entity = replace(entity, detail=replace(entity.detail, is_signed=is_signed))
    detail = entity.detail
    if payload.base != entity.revision:
        branches = (*detail.branches, payload.id)
        return _settle(replace(entity, detail=replace(detail, branches=branches)), "conflict")
    branches = tuple(branch for branch in detail.branches if branch not in payload.resolves)
    grade = max(detail.grade, entry.grade, key=WEAKNESS.index)
    detail = _carry(replace(detail, grade=grade, branches=branches), entry, entity.body, body)
    entity = replace(entity, revision=payload.id, body=body, detail=detail)
    return _settle(entity, "conflict" if branches else "pending")


def _is_signed(entity: Entity, entry: Entry) -> bool:
    """Say whether somebody corrected with his own signature what was taken down on paper."""
    is_answered = entity.detail.grade == "paper" and entry.grade == "author"
    return entity.detail.is_signed or is_answered


def judge(
    entity: Entity,
    entry: Entry,
    verdict: Literal["accept", "return", "refer"],
    reasons: tuple[str, ...],
) -> Entity:
    """Return the entity after a review; a verdict binds to the revision that it names.

    Of two verdicts on one revision the stricter stands, unless `resolves` names the earlier.
    """
    payload, detail = entry.document.payload, entity.detail
    settled = set(payload.resolves)
    verdicts = tuple(
        replace(earlier, stands=earlier.stands and earlier.id not in settled)
        for earlier in detail.verdicts
    )
    base = payload.base or entity.revision
    verdicts = (*verdicts, Verdict(payload.id, base, verdict, reasons, entry.pos, stands=True))
    entity = replace(entity, changed_pos=entry.pos, detail=replace(detail, verdicts=verdicts))
    return _settle(entity, find_effect(entity))


def depart(entity: Entity, entry: Entry, ending: Ending) -> Entity:
    """Return the entity after a departure: monotone, the latest departure names the day.

    The days that earlier ones named are kept, so that an officer is told that they differ.
    """
    entity = _count_later(entity, entry)
    said = entity.detail.departure
    before = dict.fromkeys(entity.detail.left_on_before)
    if said is not None and said.left_on is not None:
        before[said.left_on] = None
    detail = replace(entity.detail, departure=ending, left_on_before=tuple(before))
    entity = replace(entity, changed_pos=entry.pos, detail=detail)
    return entity if entity.effect == "withdrawn" else replace(entity, effect="departed")


def withdraw(entity: Entity, entry: Entry, ending: Ending) -> Entity:
    """Return the entity after its author withdrew it: final, a second time changes nothing."""
    entity = _count_later(entity, entry)
    if entity.effect == "withdrawn":
        return entity
    detail = replace(entity.detail, withdrawal=ending)
    return replace(entity, effect="withdrawn", changed_pos=entry.pos, detail=detail)


def pair(entity: Entity, original: UUID | None) -> Entity:
    """Return the entity as a second entry of the same stay, or as one that counts (again)."""
    entity = replace(entity, detail=replace(entity.detail, duplicate_of=original))
    return _settle(entity, "duplicate_of" if original is not None else find_effect(entity))


def has_ended(entity: Entity) -> bool:
    """Say whether the entity was withdrawn, departed or superseded."""
    return entity.effect in _ENDED


def supersede(entity: Entity, by: UUID, pos: int) -> Entity:
    """Return the entity after a newer one of the same author, premises and order took its place."""
    detail = replace(entity.detail, superseded_by=by)
    effect = entity.effect if entity.effect == "withdrawn" else "superseded"
    return replace(entity, effect=effect, changed_pos=pos, detail=detail)


def body_of(revision: UUID, bodies: Bodies) -> dict[str, Any]:
    """Return the full body of a revision from the bodies of its entity.

    What rests on a base of another entity, which no register writes, stands for itself.
    """
    patches: list[dict[str, Any]] = []
    current: UUID | None = revision
    while current is not None and current in bodies:
        current, patch = bodies[current]
        patches.append(patch)
    body = patches.pop()
    while patches:
        body = merge_patch(body, patches.pop())
    return body


def is_full(entity: Entity, *, is_ending: bool) -> bool:
    """Say whether an entity holds as much as it may before another correction, or its end."""
    room = 2 if is_ending else 1
    detail = entity.detail
    return detail.later_count >= room * LATER_MAX or detail.later_bytes >= room * LATER_BYTES_MAX


def is_judged(entity: Entity, base: UUID, verdict: Literal["accept", "return", "refer"]) -> bool:
    """Say whether an entity has as many reviews as it may, and another would say nothing stricter.

    Verdicts that no longer stand count too: a revision is judged more strictly three times at most.
    """
    verdicts = entity.detail.verdicts
    said = [_STRICTNESS[one.verdict] for one in verdicts if one.revision == base]
    return len(verdicts) >= REVIEWS_MAX and _STRICTNESS[verdict] <= max(said, default=-1)


def ends_anew(entity: Entity, kind: str) -> bool:
    """Say whether a departure or withdrawal changes what is so: for that there is always room."""
    if kind == "departure":
        return entity.effect not in _ENDED
    return kind == "withdrawal" and entity.effect != "withdrawn"


def _count_later(entity: Entity, entry: Entry) -> Entity:
    detail = entity.detail
    size = len(entry.document.item.payload.encode())
    counts = {"later_count": detail.later_count + 1, "later_bytes": detail.later_bytes + size}
    return replace(entity, detail=replace(detail, **counts))


def _settle(entity: Entity, effect: Effect) -> Entity:
    return entity if entity.effect in _ENDED else replace(entity, effect=effect)


def find_effect(entity: Entity) -> Effect:
    """Return what the current revision is worth, whatever else there is of the same stay."""
    detail = entity.detail
    standing = [v for v in detail.verdicts if v.stands and v.revision == entity.revision]
    if detail.branches:
        return "conflict"
    if not standing:
        return "pending"
    strictest = max(standing, key=lambda v: _STRICTNESS[v.verdict])
    return _EFFECT_OF_VERDICT[strictest.verdict]


def _carry(
    detail: Detail, entry: Entry, before: Mapping[str, Any], body: Mapping[str, Any]
) -> Detail:
    """Name this document as the carrier of the disclosures whose digests it brings.

    Whether their values came with it or are withheld until somebody brings them. A digest that is
    said again stays with the document that said it first.
    """
    detail = replace(detail, skew_minutes=_find_skew(entry))
    said, given = entry.prepared.body, entry.document.item.disclosures or {}
    brought = [name for name in sorted(entry.prepared.personal) if said[name] != before.get(name)]
    disclosed = {**detail.disclosed, **dict.fromkeys(brought, entry.document.id)}
    withheld = {*detail.withheld} - {*brought} | ({*brought} - {*given})
    return replace(
        detail,
        disclosed={name: holder for name, holder in disclosed.items() if name in body},
        withheld=tuple(sorted(withheld & body.keys())),
    )


def _find_skew(entry: Entry) -> int:
    """Return how many minutes the author's clock was off for certain, if more than a few.

    A document may wait for long between its making and its arrival: only what is made after it was
    received, or before the receipt that its author had seen, tells of a clock.
    """
    payload = entry.document.payload
    made_ms, seen_ms = read_instant(payload.made_at), 0
    if payload.anchor is not None:
        seen_ms = read_instant(payload.anchor.at)
    off_ms = max(made_ms - entry.received_ms, 0) or min(made_ms - seen_ms, 0)
    minutes = int(off_ms / _MINUTE_MS)
    return minutes if abs(minutes) > SKEW_MINUTES else 0


def complete(entity: Entity, document_id: UUID, names: Collection[str]) -> tuple[Entity, list[str]]:
    """Return the entity after values of one of its documents came late, and those now its own."""
    detail = entity.detail
    current = [name for name in names if detail.disclosed.get(name) == document_id]
    withheld = tuple(name for name in detail.withheld if name not in current)
    return replace(entity, detail=replace(detail, withheld=withheld)), current
