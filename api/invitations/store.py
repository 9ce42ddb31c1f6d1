"""The SQL of invitations."""

from typing import Final
from uuid import UUID

import msgspec

from api.database.engine import Transaction
from api.invitations.records import Invitation

_places: Final = msgspec.json.Decoder(tuple[str, ...]).decode


async def record_invitation(tx: Transaction, invitation: Invitation) -> None:
    """Keep an invitation until it is used or expires."""
    await tx.run(
        "INSERT INTO invitations (invitation_id, log, handle, secret_sha256, role, places,"
        " created_ms, expires_ms, tries_left) VALUES (:id, :log, :handle, :secret, :role,"
        " :places, :created, :expires, :tries)",
        id=invitation.invitation_id.bytes,
        log=invitation.log,
        handle=invitation.handle,
        secret=invitation.secret_sha256,
        role=invitation.role,
        places=msgspec.json.encode(invitation.places),
        created=invitation.created_ms,
        expires=invitation.expires_ms,
        tries=invitation.tries_left,
    )


async def find_invitation(tx: Transaction, log: str, handle: str) -> Invitation | None:
    """Return the invitation with this handle."""
    row = await tx.one(
        "SELECT invitation_id, log, handle, secret_sha256, role, places, created_ms, expires_ms,"
        " tries_left, wrong_ms, used_ms FROM invitations WHERE log = :log AND handle = :handle",
        log=log,
        handle=handle,
    )
    if row is None:
        return None
    invitation_id, log, handle, secret, role, places, *counted = row
    created_ms, expires_ms, tries_left, wrong_ms, used_ms = counted
    return Invitation(
        invitation_id=UUID(bytes=invitation_id),
        log=log,
        handle=handle,
        secret_sha256=secret,
        role=role,
        places=_places(places),
        created_ms=created_ms,
        expires_ms=expires_ms,
        tries_left=tries_left,
        wrong_ms=wrong_ms,
        used_ms=used_ms,
    )


async def record_wrong_try(tx: Transaction, invitation_id: UUID, now_ms: int) -> None:
    """Count a wrong code against the invitation whose handle it has."""
    await tx.run(
        "UPDATE invitations SET tries_left = tries_left - 1, wrong_ms = :now"
        " WHERE invitation_id = :id",
        id=invitation_id.bytes,
        now=now_ms,
    )


async def record_use(tx: Transaction, invitation_id: UUID, now_ms: int) -> bool:
    """Use an invitation up; return False when it is used or has expired."""
    changed = await tx.run(
        "UPDATE invitations SET used_ms = :now"
        " WHERE invitation_id = :id AND used_ms IS NULL AND expires_ms > :now",
        id=invitation_id.bytes,
        now=now_ms,
    )
    return changed == 1


async def list_open(tx: Transaction, log: str) -> set[bytes]:
    """Return the ids of the invitations that nobody has used."""
    rows = await tx.all(
        "SELECT invitation_id FROM invitations WHERE log = :log AND used_ms IS NULL", log=log
    )
    return {row[0] for row in rows}


async def keep_open(tx: Transaction, log: str, kept: set[bytes]) -> None:
    """End every invitation that nobody has used but these, whatever the clock says."""
    await tx.run_many(
        "UPDATE invitations SET expires_ms = created_ms WHERE invitation_id = :id",
        [{"id": invitation_id} for invitation_id in await list_open(tx, log) - kept],
    )
