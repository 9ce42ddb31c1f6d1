"""What an owner says about one person at one premises, and how the register lists stays."""

from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct

from api.ledger.values import (
    Code,
    Digest,
    Known,
    LongText,
    OptionalText,
    PartialDay,
    ShortText,
    Year,
)

VisaClass = Literal[
    "T", "E", "EB", "EG", "ER", "ES", "K", "A", "B", "C", "exempt", "none", "unknown"
]
DocumentHolder = Literal[
    "person", "owner", "manager", "employer", "agent", "authority", "embassy", "unknown"
]
StayRole = Literal["lives", "works", "both", "visitor", "dependant", "unknown"]
EntryMethod = Literal["mrz_scan", "mrz_typed", "manual", "import", "officer"]
DepartureReason = Literal[
    "left_country",
    "moved_in_province",
    "moved_elsewhere",
    "taken_by_authority",
    "hospital",
    "died",
    "never_arrived",
    "unknown",
]
SomeDay = Annotated[str, Meta(min_length=4, max_length=10)]


class Visa(Struct, frozen=True, omit_defaults=True, rename={"class_": "class"}):
    """The visa as shown; no class is a verdict."""

    class_: VisaClass
    expires_on: SomeDay | None = None
    entered_on: SomeDay | None = None


class Contract(Struct, frozen=True, omit_defaults=True):
    """What can be observed of a work contract."""

    written: Known
    languages: Annotated[tuple[Code, ...], Meta(max_length=10)] = ()
    copy_held_by_worker: Known | None = None
    starts_on: SomeDay | None = None
    ends_on: SomeDay | None = None


class WorkPermit(Struct, frozen=True, omit_defaults=True):
    """The yearly work permit."""

    state: Literal["none", "applied", "valid", "expired", "unknown"]
    year: Year | Literal["unknown"] | None = None


class Work(Struct, frozen=True, omit_defaults=True):
    """Who employs the person and on what papers; the employer may differ from the owner."""

    employer: ShortText
    employer_licence: ShortText | None = None
    position: ShortText | None = None
    contract: Contract | Literal["unknown"] = "unknown"
    permit: WorkPermit | Literal["unknown"] = "unknown"


class MrzChecks(Struct, frozen=True, omit_defaults=True):
    """What the phone found when it read the machine-readable zone; never the zone itself."""

    failing: Annotated[tuple[Code, ...], Meta(max_length=8)] = ()
    repaired: bool = False


class Stay(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One person at one premises."""

    premises_id: UUID
    nationality: Annotated[str, Meta(min_length=1, max_length=7)]
    sex: Literal["M", "F", "X", "unknown"]
    role: StayRole
    unit: ShortText | None = None
    arrived_on: SomeDay
    expected_departure_on: SomeDay | None = None
    document_holder: DocumentHolder
    document_missing: Code | None = None
    visa: Visa | Literal["unknown"]
    work: Work | Literal["unknown"] | None = None
    previous_premises_id: UUID | None = None
    slip_language: Code | None = None
    entry_method: EntryMethod
    mrz: MrzChecks | None = None
    identity: Digest
    document: Digest | None = None
    contact: Digest | None = None
    remarks: Digest | None = None


class Identity(Struct, frozen=True, omit_defaults=True):
    """Names as in the passport; either may be empty, the birth date partial or unknown."""

    primary: OptionalText
    secondary: OptionalText
    born_on: PartialDay
    printed: OptionalText | None = None
    native: OptionalText | None = None
    guardian: OptionalText | None = None


class TravelDocument(Struct, frozen=True, omit_defaults=True):
    """The paper that was shown; only its last three characters are read back."""

    kind: Code
    number: ShortText
    issuer: Code
    expires_on: SomeDay | None = None
    visa_number: OptionalText | None = None
    permit_number: OptionalText | None = None


class StayContact(Struct, frozen=True, omit_defaults=True):
    """How to reach the person, and who arranged the stay."""

    phone: OptionalText | None = None
    other: OptionalText | None = None
    arranged_by: OptionalText | None = None


class Remarks(Struct, frozen=True):
    """Free text."""

    text: LongText


class Departure(Struct, frozen=True, omit_defaults=True):
    """The person left; a later correction never reopens the stay."""

    left_on: SomeDay
    reason: DepartureReason
    destination: ShortText | None = None


class StayRow(Struct, frozen=True, kw_only=True):
    """A stay as it is listed, filtered and matched with others."""

    log: str
    stay_id: UUID
    premises_id: UUID
    place: str
    unit: str
    nationality: str
    sex: str
    role: str
    arrived_on: str
    left_on: str | None
    visa_expires_on: str | None
    document_holder: str
    phone: str | None
    employer: str | None
    document_series: str | None
    document_key: str | None
    names: tuple[str, ...]


class RevealReason(Struct, frozen=True):
    """Why an officer has to read a number in full; it is kept with his name."""

    reason: Annotated[str, Meta(min_length=3, max_length=200)]


class Revealed(Struct, frozen=True):
    """A travel document in full; None when none was shown or it was erased."""

    id: UUID
    document: TravelDocument | None
    remaining: int
