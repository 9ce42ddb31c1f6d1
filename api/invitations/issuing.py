"""Gives out invitations: recorded in the register, their codes shown once."""

from functools import partial

from msgspec import Struct

from api.access import Role
from api.invitations.rules import invite
from api.invitations.store import record_invitation
from api.places.rules import list_covered
from api.problems import Unprocessable
from api.register import Register
from sync.instants import write_instant
from sync.messages import FieldError


class Invited(Struct, frozen=True):
    """The code; it works for one account."""

    code: str
    role: Role
    places: tuple[str, ...]
    expires_at: str


async def make_invitation(register: Register, role: Role, places: tuple[str, ...]) -> Invited:
    """Record an invitation for a role over places and return its code."""
    covered = check_places(register, places)
    code, invitation = invite(register.log, role, covered, register.clock())
    await register.engine.write(partial(record_invitation, invitation=invitation))
    return Invited(code, role, covered, write_instant(invitation.expires_ms))


def check_places(register: Register, places: tuple[str, ...]) -> tuple[str, ...]:
    """Return the communes, or the whole log, that these places cover; raises Unprocessable."""
    if not register.places.ids.issuperset(places):
        raise Unprocessable("schema", errors=(FieldError("/places", "field.value"),))
    return list_covered(register.places, places)
