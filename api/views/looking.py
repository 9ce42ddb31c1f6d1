"""Whose looks at persons are put down: everybody's but those of the side that reported them."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from api.access import Role
from api.audit.records import Action, Look
from api.problems import PurposeRequired
from api.register import Register
from api.sessions.records import Principal

_UNWATCHED: Final[tuple[Role, ...]] = ("owner",)
LISTED: Final[Mapping[str, Action]] = {
    "premises": "premises.list",
    "stay": "stay.list",
    "declaration": "declaration.list",
    "pledge": "pledge.list",
}
SHOWN: Final[Mapping[str, Action]] = {
    "premises": "premises.read",
    "stay": "stay.read",
    "declaration": "declaration.read",
    "pledge": "pledge.read",
}


async def note_look(
    register: Register,
    principal: Principal,
    action: Action,
    subject: UUID | None = None,
    reason: str = "",
) -> None:
    """Put down one look, before anything is shown."""
    if principal.role not in _UNWATCHED:
        look = Look(principal.account_id, action, subject, reason)
        await register.watch.put_down(look)


async def note_part(
    register: Register, principal: Principal, action: Action, count: int, subject: UUID | None
) -> None:
    """Put down a look at a part of a list, and how much it held; nothing for an empty one."""
    if count:
        await note_look(register, principal, action, subject, f"{count} entries")


def check_purpose(principal: Principal, purpose: str | None) -> str:
    """Return for what an official asks; raises PurposeRequired when he does not say."""
    if principal.role in _UNWATCHED:
        return ""
    if purpose is None:
        raise PurposeRequired
    return purpose
