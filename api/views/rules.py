"""Opens and shapes one entity for one role: pure; what is kept back stands in `masking`."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from api.access import Role
from api.ledger import effects
from api.ledger.records import Entity, Verdict
from api.views.marking import marks_of
from api.views.masking import mask
from api.views.records import (
    BranchView,
    HistoryView,
    Opened,
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
    body = open_body(role, entity.kind, entity.body, carriers)
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
        branches=_branches(role, entity, opened),
        duplicate_of=detail.duplicate_of,
        superseded_by=detail.superseded_by,
        left_on=detail.departure.left_on if detail.departure else None,
        departure_reason=detail.departure.reason if detail.departure else None,
        withdrawal_reason=detail.withdrawal.reason if detail.withdrawal else None,
        marks=marks_of(reader, entity, opened),
    )


def history(
    reader: Reader,
    entity: Entity,
    revisions: Sequence[Revision],
    disclosures: Mapping[UUID, dict[str, str]],
) -> tuple[HistoryView, ...]:
    """Return the documents on an entity, oldest first, each revision with its full body."""
    bodies = {one.id: (one.base, one.body) for one in revisions if one.kind == entity.kind}
    carriers: dict[UUID | None, dict[str, dict[str, str]]] = {None: {}}
    shown: list[HistoryView] = []
    for one in revisions:
        own = disclosures.get(one.id, {})
        is_revision = one.kind == entity.kind
        body = effects.body_of(one.id, bodies) if is_revision else one.body
        earlier = carriers.get(one.base, {}) if is_revision else {}
        carriers[one.id] = {**earlier, **dict.fromkeys(own, own)}
        shown.append(
            HistoryView(
                id=one.id,
                pos=one.pos,
                kind=one.kind,
                received_at=write_instant(one.received_ms),
                body=open_body(reader.role, one.kind, body, carriers[one.id]),
            )
        )
    return tuple(shown)


def open_body(
    role: Role, kind: str, body: Mapping[str, Any], carriers: Mapping[str, Mapping[str, str]]
) -> dict[str, Any]:
    """Return a body with its disclosures in line, but for what is erased or not for the role."""
    shown = {name: value for name, value in body.items() if name not in _NAMES}
    if kind == "account":
        shown.pop("invitation", None)
    for name in _NAMES:
        text = carriers.get(name, {}).get(name)
        if text is None or digest_of(text) != body.get(name):
            continue
        value = mask(role, kind, name, open_disclosure(text))
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


def _branches(role: Role, entity: Entity, opened: Opened) -> tuple[BranchView, ...]:
    return tuple(
        BranchView(branch, _open_branch(role, entity, branch, opened))
        for branch in entity.detail.branches
        if branch in opened.bodies
    )


def _open_branch(role: Role, entity: Entity, branch: UUID, opened: Opened) -> dict[str, Any]:
    body = effects.body_of(branch, opened.bodies)
    own = opened.disclosures.get(branch, {})
    carriers = {
        name: own if name in own else opened.disclosures.get(at, {})
        for name, at in {**entity.detail.disclosed, **dict.fromkeys(own, branch)}.items()
    }
    return open_body(role, entity.kind, body, carriers)
