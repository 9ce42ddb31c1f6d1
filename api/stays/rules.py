"""What makes a stay or departure complete, how stays fold, and when two are one: pure."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, cast
from uuid import UUID

from msgspec.structs import replace

from api.facts.closeness import CLOSE, name_closeness, word_closeness
from api.facts.countries import find_nationality
from api.facts.dates import is_full_date, is_partial_date
from api.facts.names import name_key
from api.facts.phones import normalise_phone
from api.facts.values import comparable, names_a_document, normalise_document_number
from api.ledger.records import Entity
from api.stays.records import (
    Contract,
    Departure,
    Identity,
    Remarks,
    Stay,
    StayContact,
    StayRow,
    TravelDocument,
    Visa,
    Work,
)
from sync.custody import Fault
from sync.messages import FieldError

DISCLOSURES = {
    "identity": Identity,
    "document": TravelDocument,
    "contact": StayContact,
    "remarks": Remarks,
}

TOKENS_A_WORD_MAX: Final = 200
ALIKE: Final = 70.0
"""How close a word is to one that it may mean when the rest of the name is right: 100 is the same.

One wrong letter in a word of four.
"""


SERIES_SIGNS: Final = 2
"""How many signs at the end of a number may differ within one series of documents."""

_SERIES_MIN: Final = 3
_NOBODY: Final = ("unknown", "none")

_NUMBERS_ELSEWHERE: Final = (
    ("visa", "number"),
    ("visa", "visa_number"),
    ("visa_number",),
    ("work", "permit", "number"),
    ("work", "permit", "permit_number"),
    ("work", "permit_number"),
    ("work", "work_permit", "number"),
    ("work_permit", "number"),
    ("permit_number",),
)
"""Where programs put the numbers of visa and permit, which are said in `document` alone."""

SPECIMEN = "UTO"
"""The state of ICAO's specimen passports; only a demonstration takes it."""


def _visa_of(stay: Stay) -> Visa:
    return Visa(class_="unknown") if stay.visa == "unknown" else stay.visa


def check(stay: Stay, disclosed: Mapping[str, object]) -> tuple[FieldError, ...]:
    """Return the dates that are not of the calendar and the nationality that nobody has."""
    visa = _visa_of(stay)
    days = {
        "/body/arrived_on": stay.arrived_on,
        "/body/expected_departure_on": stay.expected_departure_on,
        "/body/visa/expires_on": visa.expires_on,
        "/body/visa/entered_on": visa.entered_on,
        **_list_contract_days(stay),
    }
    errors = [FieldError(at, "field.date") for at, day in days.items() if not _is_day(day)]
    if stay.nationality not in ("unknown", SPECIMEN) and find_nationality(stay.nationality) is None:
        errors.append(FieldError("/body/nationality", "field.value"))
    return (*errors, *_check_disclosed(disclosed))


def _list_contract_days(stay: Stay) -> dict[str, str | None]:
    contract = stay.work.contract if isinstance(stay.work, Work) else None
    if not isinstance(contract, Contract):
        return {}
    at = "/body/work/contract"
    return {f"{at}/starts_on": contract.starts_on, f"{at}/ends_on": contract.ends_on}


def check_departure(
    departure: Departure, disclosed: Mapping[str, object]
) -> tuple[FieldError, ...]:
    """Return the error of a day that is not of the calendar."""
    del disclosed
    is_day = _is_day(departure.left_on) and departure.left_on != "open"
    return () if is_day else (FieldError("/body/left_on", "field.date"),)


def contradicts(departure: Departure, stay: Mapping[str, Any]) -> Fault | None:
    """Return the fault of a departure before the arrival; an unknown day contradicts nothing."""
    arrived_on = str(stay.get("arrived_on", "unknown"))
    return _find_reversal(arrived_on, departure.left_on, "/body/left_on")


def contradicts_departure(arrived_on: str, left_on: str | None) -> Fault | None:
    """Return the fault of a correction to an arrival after the departure that is known."""
    return _find_reversal(arrived_on, left_on or "unknown", "/body/arrived_on")


def _find_reversal(arrived_on: str, left_on: str, at: str) -> Fault | None:
    if not (is_full_date(arrived_on) and is_full_date(left_on)) or left_on >= arrived_on:
        return None
    errors = (FieldError(at, "stay.departed-before-arrival"),)
    return Fault("stay.departed-before-arrival", errors)


def _check_disclosed(disclosed: Mapping[str, object]) -> list[FieldError]:
    errors: list[FieldError] = []
    identity, document = disclosed.get("identity"), disclosed.get("document")
    if isinstance(identity, Identity) and not _is_birth(identity.born_on):
        errors.append(FieldError("/disclosures/identity/born_on", "field.date"))
    if isinstance(document, TravelDocument) and not _is_day(document.expires_on):
        errors.append(FieldError("/disclosures/document/expires_on", "field.date"))
    return errors


def list_misplaced(stay: Mapping[str, Any], at: str) -> tuple[FieldError, ...]:
    """Return the numbers of visa and work permit that stand where nobody masks or erases them.

    Asked of what a program is about to have signed: what is signed stays as it is.
    """
    return tuple(
        FieldError(f"{at}/{'/'.join(path)}", "field.belongs-in-document")
        for path in _NUMBERS_ELSEWHERE
        if _find_part(stay, path) is not None
    )


def _find_part(part: Any, path: Sequence[str]) -> Any:
    for name in path:
        part = cast("dict[str, Any]", part).get(name) if isinstance(part, dict) else None
    return part


def _is_birth(text: str) -> bool:
    return text == "unknown" or is_partial_date(text)


def _is_day(text: str | None) -> bool:
    return text in (None, "unknown", "open") or is_full_date(text)


def document_key(document: TravelDocument | None) -> str | None:
    """Return what makes two travel documents the same: number and issuer, where it has a number."""
    if document is None:
        return None
    number = normalise_document_number(document.number)
    issuer = find_nationality(document.issuer) or document.issuer
    return f"{issuer}:{number}" if names_a_document(number) else None


def document_series(key: str | None) -> str | None:
    """Return what documents issued one after the other share, of what makes one the same."""
    if key is None or len(key.partition(":")[2]) < _SERIES_MIN + SERIES_SIGNS:
        return None
    return key[:-SERIES_SIGNS]


def employer_of(stay: Stay) -> str | None:
    """Return who employs the person, as two names are compared; None where nobody is named."""
    name = comparable(stay.work.employer) if isinstance(stay.work, Work) else ""
    return name if name not in _NOBODY and any(sign.isalnum() for sign in name) else None


def fold(
    entity: Entity, stay: Stay, disclosed: Mapping[str, Any], earlier: StayRow | None
) -> StayRow:
    """Return the row of the current revision; what is not said again stays as it was.

    What is said again without its value is not known, until the value arrives.
    """
    said = {name for name, holder in entity.detail.disclosed.items() if holder == entity.revision}
    shows_as_before = stay.document is not None and "document" not in said
    key = earlier.document_key if earlier is not None and shows_as_before else None
    calls_as_before = stay.contact is not None and "contact" not in said
    row = StayRow(
        log=entity.log,
        stay_id=entity.entity,
        premises_id=stay.premises_id,
        place=entity.place,
        unit=stay.unit or "",
        nationality=stay.nationality,
        sex=stay.sex,
        role=stay.role,
        arrived_on=stay.arrived_on,
        left_on=earlier.left_on if earlier is not None else None,
        visa_expires_on=_visa_of(stay).expires_on,
        document_holder=stay.document_holder,
        phone=earlier.phone if earlier is not None and calls_as_before else None,
        employer=employer_of(stay),
        document_series=document_series(key),
        document_key=key,
        names=() if earlier is None or "identity" in said else earlier.names,
    )
    return disclose(row, disclosed)


def disclose(row: StayRow, disclosed: Mapping[str, Any]) -> StayRow:
    """Return the row with what these values say."""
    identity, document, contact = map(disclosed.get, ("identity", "document", "contact"))
    if isinstance(identity, Identity):
        row = replace(row, names=search_tokens(identity))
    if isinstance(document, TravelDocument):
        key = document_key(document)
        row = replace(row, document_key=key, document_series=document_series(key))
    if isinstance(contact, StayContact):
        row = replace(row, phone=normalise_phone(contact.phone or ""))
    return row


def search_tokens(identity: Identity) -> tuple[str, ...]:
    """Return the folded words under which a person is found, in any order and script.

    Also each part of the name in one piece: JONG-SU is as often written JONGSU.
    """
    parts = (identity.primary, identity.secondary, identity.printed or "", identity.native or "")
    key = name_key(*parts)
    pieces = (name_key(part).joined for part in parts)
    return tuple(sorted({*key.tokens, key.joined, *pieces} - {""}))


def list_twins(row: StayRow, rows: Iterable[StayRow]) -> list[StayRow]:
    """Return those of the same person, premises and arrival, this one among them.

    A child may stand in its mother's passport, and a number may be copied by mistake: without the
    same name nobody is hidden behind somebody else, and the mark of a shared document says it.
    The name is compared in one piece: it is parted one way by hand and another by a machine.
    """
    if row.document_key is None or row.arrived_on == "unknown" or not row.names:
        return []
    return [
        one
        for one in rows
        if (one.document_key, _in_one_piece(one)) == (row.document_key, _in_one_piece(row))
        and (one.premises_id, one.arrived_on) == (row.premises_id, row.arrived_on)
    ]


def _in_one_piece(row: StayRow) -> str:
    return max(row.names, key=len, default="")


def read_query(text: str) -> list[frozenset[str]]:
    """Return the words of a name that is searched, the longest first, each in its spellings."""
    words = (name_key(word).tokens for word in text.split())
    return sorted((word for word in words if word), key=lambda word: -len(max(word, key=len)))


def join_query(text: str) -> str:
    """Return a searched name in one piece, as it stands among the tokens."""
    return name_key(text).joined


def choose_tokens(
    spellings: Iterable[str], tokens: Iterable[str], least: float = CLOSE
) -> list[str]:
    """Return the tokens that a searched word may mean: begun by it first, then alike."""
    wanted = tuple(spellings)
    scored = {
        token: 2 * CLOSE
        if token.startswith(wanted)
        else max(word_closeness(word, token) for word in wanted)
        for token in tokens
    }
    chosen = [token for token, score in scored.items() if score >= least]
    return sorted(chosen, key=lambda token: (-scored[token], token))[:TOKENS_A_WORD_MAX]


def rank(text: str, found: Mapping[UUID, Sequence[str]]) -> list[UUID]:
    """Return the stays found, those whose names are most like the searched one first."""
    key = name_key(text)
    words = sorted(key.tokens) or [key.joined]

    def order(stay_id: UUID) -> tuple[float, UUID]:
        tokens = found[stay_id]
        whole = max(tokens, key=len, default="")
        parts = [token for token in tokens if token != whole] or list(tokens)
        closeness = max(name_closeness(words, parts), word_closeness(key.joined, whole))
        return -closeness, stay_id

    return sorted(found, key=order)
