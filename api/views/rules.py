"""Opens and shapes one entity for one role: pure; what is kept back stands in `masking`."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

import msgspec

from api.access import Role
from api.ledger import effects
from api.ledger.records import Entity, Verdict
from api.ledger.shapes import PLAIN, keep
from api.views.marking import marks_of
from api.views.masking import mask
from api.views.records import (
    BRANCHES_SHOWN_MAX,
    PAGE_BYTES_MAX,
    BranchView,
    HistoryView,
    Opened,
    PhotoState,
    Reader,
    ReviewView,
    Revision,
    View,
)
from sync.document import digest_of, open_disclosure
from sync.instants import write_instant

_NAMES: Final = ("identity", "document", "contact", "remarks", "signature")
_NAMELESS: Final = ("analyst", "auditor")


def view(reader: Reader, entity: Entity, opened: Opened) -> View:
    """Return what a reader may see of an entity that is in his scope."""
    role, detail = reader.role, entity.detail
    carriers = {name: opened.disclosures.get(at, {}) for name, at in detail.disclosed.items()}
    body = open_body(reader, entity.kind, entity.body, carriers)
    return View(
        id=entity.entity,
        kind=entity.kind,
        revision=entity.revision,
        effect=entity.effect,
        place=entity.place,
        premises_id=entity.premises_id,
        author=entity.author,
        author_state=opened.author_states.get(entity.author, "unverified"),
        author_code=opened.author_codes.get(entity.author),
        pos=entity.created_pos,
        changed_pos=entity.changed_pos,
        received_at=write_instant(entity.received_ms),
        grade=detail.grade,
        body=body,
        review=_last_review(role, entity, opened),
        branches=_branches(reader, entity, opened),
        duplicate_of=detail.duplicate_of,
        superseded_by=detail.superseded_by,
        left_on=detail.departure.left_on if detail.departure else None,
        departure_reason=detail.departure.reason if detail.departure else None,
        withdrawal_reason=detail.withdrawal.reason if detail.withdrawal else None,
        photo_state=_tell_photo(entity, opened),
        marks=marks_of(reader, entity, opened),
    )


def _tell_photo(entity: Entity, opened: Opened) -> PhotoState | None:
    if entity.kind != "premises" or "photo" not in entity.body:
        return None
    return "here" if entity.entity in opened.photographed else "waiting"


def history(
    reader: Reader,
    entity: Entity,
    revisions: Sequence[Revision],
    disclosures: Mapping[UUID, dict[str, str]],
    bytes_max: int,
) -> tuple[list[HistoryView], int]:
    """Return the documents on an entity, oldest first, and how many of them are whole.

    A revision has its full body until all of them together are too long; then what it changed.
    """
    merged: dict[UUID | None, dict[str, Any]] = {}
    carriers: dict[UUID | None, dict[str, dict[str, str]]] = {}
    shown: list[HistoryView] = []
    whole, left = 0, bytes_max
    for one in revisions:
        own = disclosures.get(one.id, {})
        # What is never shown is not merged either: nobody pays for what others pile up in it.
        body, carried = keep(one.body, reader.shapes.get(one.kind, PLAIN)), dict.fromkeys(own, own)
        if left > 0 and one.kind == entity.kind:
            # What rests on a base of another entity, which no register writes, stands for itself.
            merged[one.id] = body = effects.merge_patch(merged.get(one.base, {}), body)
            carriers[one.id] = carried = {**carriers.get(one.base, {}), **carried}
        opened = open_body(reader, one.kind, body, carried)
        left -= len(msgspec.json.encode(opened))
        whole += left >= 0
        at = write_instant(one.received_ms)
        shown.append(HistoryView(one.id, one.pos, one.kind, at, one.author, one.grade, opened))
    return shown, whole


def weigh(entity: Entity) -> int:
    """Return about how many bytes it takes to open an entity, with what its history says."""
    detail = entity.detail
    branches = min(len(detail.branches), BRANCHES_SHOWN_MAX)
    return detail.later_bytes + (1 + branches) * len(msgspec.json.encode(entity.body))


def fit(entities: Sequence[Entity]) -> Sequence[Entity]:
    """Return as many as a page takes, in their order; one at least."""
    left = PAGE_BYTES_MAX
    for count, entity in enumerate(entities):
        left -= weigh(entity)
        if left < 0:
            return entities[: max(count, 1)]
    return entities


def open_body(
    reader: Reader, kind: str, body: Mapping[str, Any], carriers: Mapping[str, Mapping[str, str]]
) -> dict[str, Any]:
    """Return a body with its disclosures in line, but for what is erased or not for the reader.

    Fields that nobody here knows are left out: they might hold a number in full.
    """
    shape = reader.shapes.get(kind, PLAIN)
    own = {name: value for name, value in body.items() if name not in _NAMES}
    shown: dict[str, Any] = keep(own, shape)
    if kind == "account":
        shown.pop("invitation", None)
    for name in _NAMES:
        text = carriers.get(name, {}).get(name)
        if text is None or digest_of(text) != body.get(name):
            continue
        known = keep(open_disclosure(text), shape.names.get(name, PLAIN))
        value = mask(reader.role, kind, name, known)
        if value is not None:
            shown[name] = value
    return shown


def _last_review(role: Role, entity: Entity, opened: Opened) -> ReviewView | None:
    standing = [v for v in entity.detail.verdicts if v.stands and v.revision == entity.revision]
    last = (standing or list(entity.detail.verdicts))[-1:]
    return _describe(role, entity, last[0], opened) if last else None


def _describe(role: Role, entity: Entity, verdict: Verdict, opened: Opened) -> ReviewView:
    text = opened.disclosures.get(verdict.id, {}).get("remarks")
    return ReviewView(
        id=verdict.id,
        verdict=verdict.verdict,
        reasons=verdict.reasons,
        at=write_instant(opened.instants[verdict.id]),
        at_pos=verdict.pos,
        is_of_this_revision=verdict.revision == entity.revision,
        remarks=None if text is None or role in _NAMELESS else open_disclosure(text).get("text"),
    )


def _branches(reader: Reader, entity: Entity, opened: Opened) -> tuple[BranchView, ...]:
    return tuple(
        BranchView(branch, _open_branch(reader, entity, branch, opened))
        for branch in entity.detail.branches[:BRANCHES_SHOWN_MAX]
        if branch in opened.bodies
    )


def _open_branch(reader: Reader, entity: Entity, branch: UUID, opened: Opened) -> dict[str, Any]:
    body = effects.body_of(branch, opened.bodies)
    own = opened.disclosures.get(branch, {})
    carriers = {
        name: own if name in own else opened.disclosures.get(at, {})
        for name, at in {**entity.detail.disclosed, **dict.fromkeys(own, branch)}.items()
    }
    return open_body(reader, entity.kind, body, carriers)
