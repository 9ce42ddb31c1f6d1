"""Makes the bodies of documents with good defaults, so that a test names only what it is about.

TEST DATA throughout.
"""

from typing import Any, Final
from uuid import UUID

from api.pledges.store import load_shipped

LOG: Final = "psh-p-preah-sihanouk"
SANGKAT_1: Final = "psh-c-sangkat-1"
SANGKAT_4: Final = "psh-c-sangkat-4"
DISTRICT: Final = "psh-d-preah-sihanouk"

Fields = dict[str, Any]


def merge(defaults: Fields, changes: Fields) -> Fields:
    """Return the defaults with changes; a change to None leaves the field out."""
    merged = {**defaults, **changes}
    return {name: value for name, value in merged.items() if value is not None}


def make_contact(name: str = "TEST DATA Owner", phone: str = "+85512000001") -> Fields:
    """Who holds an account."""
    return {"name": name, "phone": phone}


def make_premises(**changes: Any) -> Fields:
    """A rental house."""
    defaults = {
        "names": {"latin": "TEST DATA House", "km": "ផ្ទះសាកល្បង"},
        "kind": "rental_house",
        "village": "Phum 1",
        "rooms_count": 10,
        "capacity": "owner",
    }
    return merge(defaults, changes)


def make_licence(**changes: Any) -> Fields:
    """A licence that does not expire."""
    return merge({"kind": "guesthouse", "number": "TEST 1", "authority": "TEST DATA"}, changes)


def make_stay(premises_id: UUID | str, **changes: Any) -> Fields:
    """Someone with a visa of class EB who lives in room 12."""
    defaults = {
        "premises_id": str(premises_id),
        "nationality": "VNM",
        "sex": "F",
        "role": "lives",
        "unit": "12",
        "arrived_on": "2026-02-20",
        "document_holder": "person",
        "visa": {"class": "EB", "expires_on": "2027-01-31", "entered_on": "2026-02-18"},
        "entry_method": "manual",
    }
    return merge(defaults, changes)


def make_identity(**changes: Any) -> Fields:
    """Names as in the specimen passport of ICAO."""
    defaults = {"primary": "ERIKSSON", "secondary": "ANNA MARIA", "born_on": "1990-05"}
    return merge(defaults, changes)


def make_document(number: str = "L898902C3", **changes: Any) -> Fields:
    """The specimen passport of ICAO Doc 9303."""
    defaults = {"kind": "passport", "number": number, "issuer": "UTO", "expires_on": "2030-04-15"}
    return merge(defaults, changes)


def make_declaration(
    premises_id: UUID | str, order_id: UUID | str, stays: tuple[UUID, ...] = (), **changes: Any
) -> Fields:
    """As many as the stays that it names; none is a nil declaration."""
    defaults = {
        "premises_id": str(premises_id),
        "order_id": str(order_id),
        "as_of": "2026-03-02T03:00:00.000Z",
        "count": len(stays),
        "stays": [str(stay) for stay in stays],
    }
    return merge(defaults, changes)


def make_order(**changes: Any) -> Fields:
    """An order for the whole province, issued in the year of the tests."""
    words = {"km": "សាកល្បង", "en": "TEST DATA order", "zh": "测试"}
    defaults = {"title": words, "legal_basis": words, "issued_on": "2026-01-01", "places": [LOG]}
    return merge(defaults, changes)


def make_pledge(premises_id: UUID | str, order_id: UUID | str, **changes: Any) -> Fields:
    """The short text, every clause ticked."""
    (short,) = [known.text for known in load_shipped() if known.text.text_id == "psh-2022-short"]
    wording = short.languages["en"]
    defaults = {
        "premises_id": str(premises_id),
        "order_id": str(order_id),
        "text_id": "psh-2022-short",
        "version": short.version,
        "language": "en",
        "text_hash": wording.hash,
        "clauses": [clause.n for clause in wording.clauses],
        "exceptions": [],
        "capacity": "owner",
        "read_aloud": False,
        "unlocked_by": "pin",
    }
    return merge(defaults, changes)


def make_signer(**changes: Any) -> Fields:
    """Who signed a pledge."""
    return merge({"signer": "TEST DATA Owner", "typed_name": "TEST DATA Owner"}, changes)
