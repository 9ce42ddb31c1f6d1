"""Which kinds of document this version reads, and from which slice each comes."""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from msgspec import Struct

from api.accounts import rules as accounts_rules
from api.accounts.records import Account, AccountContact, Grant, Revocation, Verification
from api.declarations import rules as declarations_rules
from api.declarations.records import Declaration
from api.gateway.rules import OURS
from api.ledger.shapes import Shape, shape_of
from api.orders import rules as orders_rules
from api.orders.records import Order
from api.pledges import rules as pledges_rules
from api.pledges.records import Pledge, PledgeText
from api.premises import rules as premises_rules
from api.premises.records import Premises
from api.quarantine.records import Adoption
from api.review import rules as review_rules
from api.review.records import Review, Withdrawal
from api.stays import rules as stays_rules
from api.stays.records import Departure, Stay
from sync.messages import FieldError

Check = Callable[[Any, Mapping[str, Any]], tuple[FieldError, ...]]


def _accept(record: object, disclosed: Mapping[str, object]) -> tuple[FieldError, ...]:
    del record, disclosed
    return ()


class Kind(Struct, frozen=True, kw_only=True):
    """How a kind is read: body, disclosures, references, what it acts on, if it is corrected."""

    body: type[Struct]
    disclosures: Mapping[str, type[Struct]] = {}
    check: Check = _accept
    refers: tuple[str, ...] = ()
    acts_on: tuple[str, ...] = ()
    is_reviewed: bool = False
    is_corrected: bool = False


def _is_attester(value: object) -> bool:
    return value == "register"


def _is_id(value: object) -> bool:
    return isinstance(value, str) and re.fullmatch(r"[0-9a-f-]{36}", value) is not None


# No record reads these: a phone could write anything there.
_ATTESTED: Final = dict(zip(OURS, (Shape(fits=_is_attester), Shape(fits=_is_id)), strict=True))


def _show(kind: Kind) -> Shape:
    parts = {name: shape_of(of) for name, of in kind.disclosures.items()}
    return Shape({**shape_of(kind.body).names, **_ATTESTED, **parts})


_OWN: Final = ("premises", "stay", "declaration", "pledge")
KINDS: Final[dict[str, Kind]] = {
    "account": Kind(body=Account, disclosures={"contact": AccountContact}),
    "grant": Kind(
        body=Grant, check=accounts_rules.check_grant, refers=("account_id", "premises_id")
    ),
    "verification": Kind(body=Verification, refers=("account_id",)),
    "revocation": Kind(
        body=Revocation, check=accounts_rules.check_revocation, refers=("grant_id",)
    ),
    "adoption": Kind(body=Adoption),
    "order": Kind(body=Order, check=orders_rules.check, is_corrected=True),
    "pledge_text": Kind(body=PledgeText, check=pledges_rules.check_text, is_corrected=True),
    "premises": Kind(
        body=Premises,
        disclosures=premises_rules.DISCLOSURES,
        check=premises_rules.check,
        is_reviewed=True,
        is_corrected=True,
    ),
    "stay": Kind(
        body=Stay,
        disclosures=stays_rules.DISCLOSURES,
        check=stays_rules.check,
        refers=("premises_id",),
        is_reviewed=True,
        is_corrected=True,
    ),
    "declaration": Kind(
        body=Declaration,
        check=declarations_rules.check,
        refers=("premises_id", "order_id"),
        is_reviewed=True,
        is_corrected=True,
    ),
    "pledge": Kind(
        body=Pledge,
        disclosures=pledges_rules.DISCLOSURES,
        check=pledges_rules.check,
        refers=("premises_id", "order_id"),
        is_reviewed=True,
    ),
    "departure": Kind(body=Departure, check=stays_rules.check_departure, acts_on=("stay",)),
    "withdrawal": Kind(body=Withdrawal, acts_on=_OWN),
    "review": Kind(
        body=Review,
        disclosures=review_rules.DISCLOSURES,
        check=review_rules.check,
        acts_on=_OWN,
    ),
}
"""Kinds that this version reads; any other is answered `later`, never refused."""

SHAPES: Final = {name: _show(kind) for name, kind in KINDS.items()}
"""What a reader may be shown of each kind; whatever else a document says stays in its bytes."""

COLLECTED: Final = frozenset(name for name, kind in KINDS.items() if kind.is_reviewed) | {"account"}
"""What people declare about themselves and others."""
