"""An owner with the premises and people that he declares, and the documents his phone signs."""

from collections.abc import Iterator, Sequence
from typing import Any, Final
from uuid import UUID, uuid5

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from api.demonstration.phones import Phone, Signed
from api.pledges.records import PledgeText
from api.synthetic.records import Owner, Population, SyntheticPremises, SyntheticStay
from sync.instants import write_instant

_PLEDGED_IN: Final = ("km", "zh", "en")


class Duty(Struct, frozen=True):
    """What owners answer to: the order, and the text that they sign for it."""

    order_id: UUID
    text: PledgeText


class Household(Struct, frozen=True):
    """One owner."""

    owner: Owner
    phone: Phone
    homes: Sequence[SyntheticPremises]
    stays: Sequence[SyntheticStay]

    @property
    def place(self) -> str:
        """The commune of the first premises, whose officer verifies the owner."""
        return self.homes[0].place

    def register(self, now_ms: int) -> list[Signed]:
        """Open the account."""
        contact = {"name": self.owner.name, "phone": self.owner.phone}
        language, capacity = self.owner.language, self.homes[0].body.capacity
        return [self.phone.register(contact, now_ms, capacity=capacity, language=language)]

    def declare_premises(self, now_ms: int) -> list[Signed]:
        """Declare every premises."""
        return [
            self.phone.sign(
                "premises",
                to_wire(home.body),
                now_ms,
                place=home.place,
                id=home.id,
                entity=home.id,
                disclosed={"contact": to_wire(home.contact)},
            )
            for home in self.homes
        ]

    def declare_people(self, now_ms: int) -> list[Signed]:
        """Declare everybody; whoever was sent twice comes twice, with the same bytes."""
        signed = [self.sign_stay(stay, now_ms) for stay in self.stays]
        again = [
            one for one, stay in zip(signed, self.stays, strict=True) if "sent_twice" in stay.cases
        ]
        return [*signed, *again]

    def sign_stay(self, stay: SyntheticStay, now_ms: int) -> Signed:
        """Declare one person."""
        disclosed = {
            "identity": to_wire(stay.identity),
            "document": stay.document and to_wire(stay.document),
            "contact": stay.contact and to_wire(stay.contact),
            "remarks": stay.remarks and to_wire(stay.remarks),
        }
        return self.phone.sign(
            "stay",
            to_wire(stay.body),
            now_ms,
            place=stay.place,
            id=stay.id,
            entity=stay.id,
            after=[stay.body.premises_id],
            disclosed=disclosed,
        )

    def answer(self, duty: Duty, now_ms: int) -> list[Signed]:
        """Declare for the order, and pledge, for all premises but those with nothing declared."""
        answering = [home for home in self.homes if home.declares != "nothing"]
        return [signed for home in answering for signed in self._answer_for(home, duty, now_ms)]

    def _answer_for(self, home: SyntheticPremises, duty: Duty, now_ms: int) -> Iterator[Signed]:
        here = [stay for stay in self.stays if stay.body.premises_id == home.id]
        about = {"premises_id": str(home.id), "order_id": str(duty.order_id)}
        declaration = {
            **about,
            "as_of": write_instant(now_ms),
            "count": len(here),
            "stays": [str(stay.id) for stay in here],
        }
        yield self._sign_for("declaration", home, declaration, now_ms)
        excepted = [str(stay.id) for stay in here if stay.body.document_missing]
        pledge = {**about, **self._pledge_words(duty.text), "exceptions": excepted}
        signer = {"signer": self.owner.name, "typed_name": self.owner.name}
        yield self._sign_for("pledge", home, pledge, now_ms, {"identity": signer})

    def _sign_for(
        self,
        kind: str,
        home: SyntheticPremises,
        body: dict[str, Any],
        now_ms: int,
        disclosed: dict[str, Any] | None = None,
    ) -> Signed:
        """Sign what is said of a home once, under an id that follows from the home's."""
        one = uuid5(home.id, kind)
        return self.phone.sign(
            kind,
            body,
            now_ms,
            place=home.place,
            id=one,
            entity=one,
            after=[home.id],
            disclosed=disclosed,
        )

    def _pledge_words(self, text: PledgeText) -> dict[str, Any]:
        language = self.owner.language if self.owner.language in _PLEDGED_IN else "en"
        wording = text.languages[language]
        return {
            "text_id": text.text_id,
            "version": text.version,
            "language": language,
            "text_hash": wording.hash,
            "clauses": [clause.n for clause in wording.clauses],
            "capacity": self.homes[0].body.capacity,
            "read_aloud": False,
            "unlocked_by": "pin",
        }

    def enter_twice(self, stay: SyntheticStay, now_ms: int) -> Signed:
        """Declare the same person a second time, as a new entry; its id follows from the first."""
        return self.sign_stay(replace(stay, id=uuid5(stay.id, "again")), now_ms)


def list_households(population: Population, log: str, now_ms: int) -> list[Household]:
    """Return every owner who has premises, each with a new phone."""
    homes: dict[int, list[SyntheticPremises]] = {}
    for home in population.premises:
        homes.setdefault(home.owner, []).append(home)
    stays: dict[UUID, list[SyntheticStay]] = {}
    for stay in population.stays:
        stays.setdefault(stay.body.premises_id, []).append(stay)
    return [
        Household(
            owner,
            Phone(log, now_ms),
            homes[owner.number],
            [stay for home in homes[owner.number] for stay in stays.get(home.id, ())],
        )
        for owner in population.owners
        if owner.number in homes
    ]


def to_wire(values: Struct) -> dict[str, Any]:
    """Return a Struct as the JSON of a body or disclosure."""
    return msgspec.to_builtins(values)
