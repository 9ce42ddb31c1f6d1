"""What the population consists of: bodies and disclosures as on the wire, and what happens to them.

The bodies lack only the digests, which belong to signing.
"""

from datetime import date
from typing import Literal
from uuid import UUID

from msgspec import Struct

from api.ledger.values import Language
from api.premises.records import Pin, PremisesContact, PremisesNames
from api.stays.records import (
    Departure,
    Identity,
    Remarks,
    StayContact,
    TravelDocument,
    Visa,
    Work,
)
from api.synthetic.shares import Size

Case = Literal[
    "nil_declaration",
    "rental_house_24_rooms",
    "claimed_by_two_owners",
    "operator_is_not_owner",
    "overdue",
    "moved_commune",
    "in_two_premises",
    "renewed_passport",
    "mononym",
    "no_papers",
    "passport_held_by_employer",
    "child_with_guardian",
    "diplomat",
    "visa_expired",
    "visa_free",
    "birth_year_only",
    "sent_twice",
    "returned",
    "withdrawn",
]


class Owner(Struct, frozen=True, kw_only=True):
    """A person who declares premises; the phone makes the key."""

    number: int
    name: str
    native_name: str
    phone: str
    language: Language


class PremisesBody(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """The body of a premises document."""

    names: PremisesNames
    kind: str
    village: str | None = None
    landmark: str | None = None
    pin: Pin | None = None
    rooms_count: int | None = None
    capacity: str


class SyntheticPremises(Struct, frozen=True, kw_only=True):
    """One premises, who declares it and how: the list, that nobody is there, or nothing yet."""

    id: UUID
    place: str
    owner: int
    body: PremisesBody
    contact: PremisesContact
    declares: Literal["list", "nil", "nothing"]
    signal: Literal["good", "weak", "none"]
    cases: tuple[Case, ...] = ()


class StayBody(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """The body of a stay document."""

    premises_id: UUID
    nationality: str
    sex: str
    role: str
    unit: str | None = None
    arrived_on: str
    document_holder: str
    document_missing: str | None = None
    visa: Visa
    work: Work | None = None
    previous_premises_id: UUID | None = None
    slip_language: str | None = None
    entry_method: str


class SyntheticStay(Struct, frozen=True, kw_only=True):
    """One person at one premises; `departure` is sent after the stay where there is one."""

    id: UUID
    place: str
    body: StayBody
    identity: Identity
    document: TravelDocument | None = None
    contact: StayContact | None = None
    remarks: Remarks | None = None
    departure: Departure | None = None
    cases: tuple[Case, ...] = ()


class Population(Struct, frozen=True, kw_only=True):
    """Everything invented for one size, seed and day."""

    size: Size
    seed: int
    today: date
    owners: tuple[Owner, ...]
    premises: tuple[SyntheticPremises, ...]
    stays: tuple[SyntheticStay, ...]
