"""What an owner says about premises, and how the register lists them."""

from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct

from api.ledger.values import BlobName, Count, Day, Digest, Language, ShortText

PremisesKind = Literal[
    "rental_house",
    "room_rental",
    "guesthouse",
    "hotel",
    "condominium",
    "apartment",
    "dormitory",
    "casino",
    "entertainment",
    "office",
    "factory",
    "construction_site",
    "shop",
    "restaurant",
    "farm",
    "economic_zone",
    "school",
    "clinic",
    "religious",
    "other",
]
Capacity = Literal["owner", "manager", "operator", "representative"]


class PremisesNames(Struct, frozen=True, omit_defaults=True):
    """What the building is called in up to three scripts; none is required."""

    km: ShortText | None = None
    latin: ShortText | None = None
    zh: ShortText | None = None


class Pin(Struct, frozen=True):
    """Where it stands: degrees (WGS 84) and the accuracy that the phone reported, in metres."""

    lat: Annotated[float, Meta(ge=-90, le=90)]
    lon: Annotated[float, Meta(ge=-180, le=180)]
    accuracy_m: Annotated[float, Meta(ge=0, le=100_000)]


class Licence(Struct, frozen=True, omit_defaults=True):
    """A licence of the business at the premises."""

    kind: ShortText
    number: ShortText
    authority: ShortText
    expires_on: Day | None = None


class Premises(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A building or part of it where foreigners may live or work."""

    names: PremisesNames = PremisesNames()
    aliases: Annotated[tuple[ShortText, ...], Meta(max_length=20)] = ()
    kind: PremisesKind
    village: ShortText | None = None
    address: ShortText | None = None
    landmark: ShortText | None = None
    pin: Pin | Literal["unknown"] | None = None
    rooms_count: Count | Literal["unknown"] | None = None
    beds_count: Count | Literal["unknown"] | None = None
    capacity: Capacity
    licences: Annotated[tuple[Licence, ...], Meta(max_length=20)] = ()
    fpcs_reference: ShortText | None = None
    photo: BlobName | None = None
    contact: Digest | None = None


class Party(Struct, frozen=True, omit_defaults=True):
    """A person or company that answers for premises."""

    name: ShortText
    native_name: ShortText | None = None
    phone: ShortText | None = None
    language: Language | None = None
    document: ShortText | None = None


class PremisesContact(Struct, frozen=True, omit_defaults=True):
    """Who owns, runs and manages the premises; disclosed beside the signature."""

    owner: Party | Literal["unknown"] | None = None
    operator: Party | Literal["unknown"] | None = None
    manager: Party | Literal["unknown"] | None = None


class PremisesRow(Struct, frozen=True, kw_only=True):
    """Premises as they are listed and filtered."""

    log: str
    premises_id: UUID
    place: str
    kind: str
    search: str
    photo: bytes | None


class Asked(Struct, frozen=True):
    """A name that is looked for: comparable, and its words folded, which hold no `%` and `_`."""

    text: str
    words: tuple[str, ...]
