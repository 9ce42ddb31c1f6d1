"""What makes a pledge complete, how it folds, and which earlier one it supersedes: pure."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from typing import Final
from uuid import UUID

from msgspec.structs import replace

from api.ledger.records import Entity
from api.pledges.records import (
    Pledge,
    PledgeClause,
    PledgeRow,
    PledgeText,
    PledgeTextView,
    PledgeWording,
    Signer,
    Strokes,
)
from sync.custody import Fault
from sync.keys import encode_base64url
from sync.messages import FieldError

DISCLOSURES = {"identity": Signer, "signature": Strokes}
_CLAUSE: Final = re.compile(r"(\d+)\. (.+)")
_FENCE: Final = "---\n"


def check(pledge: Pledge, disclosed: Mapping[str, object]) -> tuple[FieldError, ...]:
    """Return the errors of clauses or exceptions named twice."""
    del disclosed
    lists = {"/body/clauses": pledge.clauses, "/body/exceptions": pledge.exceptions}
    return tuple(
        FieldError(at, "field.value")
        for at, values in lists.items()
        if len(set(values)) != len(values)
    )


def contradicts(
    pledge: Pledge, texts: Iterable[PledgeText], *, drafts_may_be_signed: bool
) -> Fault | None:
    """Return the fault of a pledge that is not to the letter a text that may be signed.

    A draft is signed in a demonstration only (domain.md, "pledge"): there it binds nobody.
    """
    text = _find_text(pledge, texts)
    if text is None or text.languages[pledge.language].hash != pledge.text_hash:
        return Fault("pledge.text-unknown", (FieldError("/body/text_hash", "field.value"),))
    if not drafts_may_be_signed and text.approved_on is None:
        return Fault("pledge.not-approved", (FieldError("/body/version", "field.value"),))
    wanted = {clause.n for clause in text.languages[pledge.language].clauses}
    if set(pledge.clauses) != wanted:
        return Fault("pledge.clauses-missing", (FieldError("/body/clauses", "field.value"),))
    return None


def _find_text(pledge: Pledge, texts: Iterable[PledgeText]) -> PledgeText | None:
    return next(
        (
            text
            for text in texts
            if (text.text_id, text.version) == (pledge.text_id, pledge.version)
            and pledge.language in text.languages
        ),
        None,
    )


def fold(entity: Entity, pledge: Pledge) -> PledgeRow:
    """Return the row of a pledge."""
    return PledgeRow(
        log=entity.log,
        pledge_id=entity.entity,
        premises_id=pledge.premises_id,
        order_id=pledge.order_id,
        author=entity.author,
        place=entity.place,
        pos=entity.created_pos,
    )


def list_superseded(row: PledgeRow, others: Iterable[PledgeRow]) -> list[UUID]:
    """Return the earlier pledges of the same signer, premises and order."""
    return [
        other.pledge_id
        for other in others
        if other.pos < row.pos
        and (other.premises_id, other.order_id, other.author)
        == (row.premises_id, row.order_id, row.author)
    ]


def is_of_one_signer(earlier: Entity, later: Entity) -> bool:
    """Say whether two pledges that one account put down have one signer.

    An officer enters the papers of many: owner and manager of one building sign one each.
    """
    is_paper = "paper" in (earlier.detail.grade, later.detail.grade)
    return not is_paper or earlier.body.get("capacity") == later.body.get("capacity")


def check_text(text: PledgeText, disclosed: Mapping[str, object]) -> tuple[FieldError, ...]:
    """Return the languages whose hash is not that of their wording."""
    del disclosed
    return tuple(
        FieldError(f"/body/languages/{language}/hash", "field.value")
        for language, wording in text.languages.items()
        if wording.hash != hash_of(wording)
    )


def hash_of(wording: PledgeWording) -> str:
    """Return base64url SHA-256 of the exact text: its parts with an empty line between them."""
    clauses = (f"{clause.n}. {clause.text}" for clause in wording.clauses)
    parts = (wording.title, wording.preamble, *clauses, wording.closing)
    return encode_base64url(hashlib.sha256("\n\n".join(parts).encode()).digest())


def read_wording(markdown: str) -> tuple[dict[str, str], PledgeWording]:
    """Return front matter and wording of a shipped text; its form is in texts/README.md."""
    _, front, text = markdown.split(_FENCE, 2)
    matter = dict(line.split(": ", 1) for line in front.splitlines())
    title, preamble, *numbered, closing = text.strip().split("\n\n")
    clauses = tuple(_read_clause(paragraph) for paragraph in numbered)
    wording = PledgeWording(title.removeprefix("# "), preamble, clauses, closing, "")
    return matter, replace(wording, hash=hash_of(wording))


def _read_clause(paragraph: str) -> PledgeClause:
    clause = _CLAUSE.fullmatch(paragraph)
    if clause is None:
        raise ValueError(f"no numbered clause: {paragraph}")
    return PledgeClause(int(clause[1]), clause[2])


def describe_text(text: PledgeText) -> PledgeTextView:
    """Return a text as anybody may read it: a draft until somebody's approval is recorded."""
    is_approved = text.approved_by is not None and text.approved_on is not None
    return PledgeTextView(
        id=text.text_id,
        version=text.version,
        status="approved" if is_approved else "draft",
        approved_on=text.approved_on if is_approved else None,
        languages=text.languages,
    )
