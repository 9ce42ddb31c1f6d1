"""Who may do what: documents by kind, operations by role; what has no entry stops the start."""

from collections.abc import Collection, Mapping
from typing import Final, Literal

from msgspec import Struct

Role = Literal[
    "owner",
    "officer",
    "district",
    "province",
    "analyst",
    "desk",
    "auditor",
    "client",
    "node",
    "register",
]
Bond = Literal[
    "self",
    "new_or_own",
    "own_premises",
    "declared_premises",
    "same_author",
    "covers_place",
    "new_in_place",
    "own_in_place",
    "paper_in_place",
    "role",
]


class Right(Struct, frozen=True):
    """A role may write a kind of document when the bond of account and entity holds."""

    role: Role
    bond: Bond
    scope: str | None = None
    active_only: bool = False


_IN_COMMUNES: Final = (
    Right("client", "new_in_place", scope="registrations:write"),
    Right("client", "own_in_place", scope="registrations:write"),
    Right("officer", "new_in_place"),
    Right("officer", "paper_in_place"),
)
"""Programs and officers enter what is new; what others said they leave as it was said."""
_PREMISES_SIDE: Final = (
    Right("owner", "own_premises"),
    Right("client", "own_premises", scope="registrations:write"),
    *_IN_COMMUNES,
)
_OFFICER: Final = (Right("officer", "covers_place"),)
_REGISTER: Final = Right("register", "role")

DOCUMENTS: Final[dict[str, tuple[Right, ...]]] = {
    "account": (Right("owner", "self"), _REGISTER),
    "grant": (Right("owner", "declared_premises", active_only=True), _REGISTER),
    "verification": (*_OFFICER, _REGISTER),
    "revocation": (Right("owner", "self"), Right("officer", "self"), _REGISTER),
    "order": (Right("province", "role"), _REGISTER),
    "pledge_text": (Right("province", "role"), _REGISTER),
    "premises": (Right("owner", "new_or_own"), *_IN_COMMUNES),
    "stay": (*_PREMISES_SIDE, _REGISTER),
    "departure": _PREMISES_SIDE,
    "declaration": _PREMISES_SIDE,
    "pledge": (Right("owner", "own_premises"), Right("officer", "new_in_place")),
    "withdrawal": (
        Right("owner", "same_author"),
        Right("client", "same_author", scope="registrations:write"),
        Right("officer", "paper_in_place"),
    ),
    "review": _OFFICER,
    "adoption": (*_OFFICER, Right("province", "covers_place")),
}

_READERS: Final[tuple[Role, ...]] = ("owner", "officer", "district", "province", "client")
_POLICE: Final[tuple[Role, ...]] = ("officer", "district", "province")
_EVERYONE: Final[tuple[Role, ...]] = (*_READERS, "analyst", "desk", "auditor", "node")

OPERATIONS: Final[dict[str, tuple[Role, ...]]] = {
    "sync.push": ("owner", "officer", "district", "province", "client", "node"),
    "sync.pull": ("owner", "officer", "district", "province", "client", "node"),
    "devices.revoke": _EVERYONE,
    "account.read": _EVERYONE,
    "receipts.read": ("owner", "officer", "district", "province", "client", "auditor", "node"),
    "feed.read": ("client", "officer", "district", "province", "auditor", "node"),
    "communes.inbox": ("officer", "district", "province", "client"),
    "communes.push": ("owner", "officer", "client", "node"),
    "blobs.read": _READERS,
    "blobs.write": ("owner", "officer", "client"),
    "premises.read": _READERS,
    "premises.write": ("client", "officer"),
    "stays.read": _READERS,
    "stays.write": ("client", "officer"),
    "stays.reveal": ("officer", "province"),
    "stays.search": _POLICE,
    "declarations.read": _READERS,
    "declarations.write": ("client", "officer"),
    "pledges.read": _READERS,
    "pledges.write": ("officer",),
    "quarantine.judge": ("officer", "province"),
    "quarantine.read": ("officer", "province"),
    "review.read": _POLICE,
    "accounts.read": ("officer", "province", "auditor"),
    "coverage.read": (*_POLICE, "analyst"),
    "print.write": ("owner", "officer", "province"),
    "export.commune": ("officer", "province"),
}
"""Roles by operation; the handler narrows to premises, places or scopes: 404 outside."""

PUBLIC: Final = frozenset(
    {
        "app.files",
        "communes.list",
        "communes.show",
        "devices.register",
        "health.live",
        "health.ready",
        "orders.list",
        "places.list",
        "schema",
        "setup",
        "shell.read",
        "sync.head",
        "sync.info",
        "token.issue",
        "verify.page",
    }
)
"""What needs no token; a test freezes this list."""

SCOPES: Final = frozenset(
    {
        "registrations:read",
        "registrations:write",
        "feed:read",
        "relay",
    }
)
"""What a program's token can carry."""

OPERATION_SCOPES: Final[dict[str, tuple[str, ...]]] = {
    "account.read": (),
    "blobs.read": ("registrations:read",),
    "blobs.write": ("registrations:write",),
    "communes.inbox": ("registrations:read",),
    "communes.push": ("registrations:write", "relay"),
    "declarations.read": ("registrations:read",),
    "declarations.write": ("registrations:write",),
    "devices.revoke": (),
    "feed.read": ("feed:read",),
    "pledges.read": ("registrations:read",),
    "premises.read": ("registrations:read",),
    "premises.write": ("registrations:write",),
    "receipts.read": ("registrations:read", "registrations:write", "relay"),
    "stays.read": ("registrations:read",),
    "stays.write": ("registrations:write",),
    "sync.pull": ("registrations:read",),
    "sync.push": ("registrations:write", "relay"),
}
"""The scopes of which a program needs one on top of its role; people have none.

Empty: its own account only. An operation of programs that does not stand here stops the start.
"""


def check_scopes(
    operations: Mapping[str, Collection[str]], scopes: Mapping[str, Collection[str]]
) -> None:
    """Raise LookupError for an operation of programs of which nobody said what scope it needs."""
    unsaid = [
        name for name, roles in operations.items() if "client" in roles and name not in scopes
    ]
    if unsaid:
        message = f"open to programs without a word about scopes: {', '.join(unsaid)}"
        raise LookupError(message)
