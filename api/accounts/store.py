"""The SQL of accounts, keys, grants, invitations and tokens."""

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

import msgspec

from api.accounts.records import AccountRow, DeviceRow, EarlyRevocation, GrantRow
from api.accounts.rules import Rights
from api.database.engine import Row, Transaction
from api.ledger.records import Tracked
from sync.keys import PublicJwk

_places: Final = msgspec.json.Decoder(tuple[str, ...]).decode
_encode: Final = msgspec.json.Encoder().encode


async def load_rights(
    tx: Transaction,
    log: str,
    kids: Sequence[str],
    account_ids: Sequence[UUID],
    premises_ids: Sequence[UUID],
    grant_ids: Sequence[UUID] = (),
) -> Rights:
    """Load keys with their accounts, accounts named otherwise, and grants over premises."""
    devices = {device.kid: device for device in await list_devices(tx, log, kids)}
    wanted = {*account_ids, *(device.account_id for device in devices.values())}
    accounts = {row.account_id: row for row in await list_accounts(tx, log, sorted(wanted))}
    grants = [
        *await list_grants(tx, log, premises_ids),
        *await find_grants(tx, log, grant_ids),
    ]
    return Rights(
        Tracked(accounts),
        Tracked(devices),
        Tracked({row.grant_id: row for row in grants}),
        Tracked(await _find_early(tx, log, [kid for kid in kids if kid not in devices])),
        await find_homes(tx, log, account_ids),
    )


async def _find_early(tx: Transaction, log: str, kids: Sequence[str]) -> dict[str, EarlyRevocation]:
    """Return what was revoked of keys that are not registered."""
    if not kids:
        return {}
    rows = await tx.all(
        "SELECT log, kid, revoked_ms, revocation_reason FROM early_revocations"
        " WHERE log = :log AND kid IN (:kids)",
        log=log,
        kids=list(kids),
    )
    return {
        kid: EarlyRevocation(log=of, kid=kid, revoked_ms=at_ms, revocation_reason=reason)
        for of, kid, at_ms, reason in rows
    }


async def find_homes(
    tx: Transaction, log: str, account_ids: Sequence[UUID]
) -> dict[UUID, frozenset[str]]:
    """Return in which places each of these accounts declared premises."""
    if not account_ids:
        return {}
    rows = await tx.all(
        "SELECT DISTINCT author, place FROM entities"
        " WHERE log = :log AND author IN (:ids) AND kind = 'premises'",
        log=log,
        ids=[account_id.bytes for account_id in account_ids],
    )
    homes: dict[UUID, set[str]] = {}
    for author, place in rows:
        homes.setdefault(UUID(bytes=author), set()).add(place)
    return {account_id: frozenset(places) for account_id, places in homes.items()}


async def list_devices(tx: Transaction, log: str, kids: Sequence[str]) -> list[DeviceRow]:
    """Return the keys that exist among these thumbprints."""
    if not kids:
        return []
    rows = await tx.all(
        "SELECT log, kid, account_id, jwk, revoked_ms, revocation_reason FROM devices"
        " WHERE log = :log AND kid IN (:kids)",
        log=log,
        kids=list(kids),
    )
    return [_read_device(row) for row in rows]


async def is_registered(tx: Transaction, log: str, kid: str) -> bool:
    """Say whether a key ever registered, in any version of the tables."""
    sql = "SELECT 1 FROM devices WHERE log = :log AND kid = :kid"
    return await tx.one(sql, log=log, kid=kid) is not None


async def count_keys(tx: Transaction, log: str) -> Counter[UUID]:
    """Return how many keys of each account were not revoked."""
    rows = await tx.all(
        "SELECT account_id, COUNT(*) FROM devices WHERE log = :log AND revoked_ms IS NULL"
        " GROUP BY account_id",
        log=log,
    )
    return Counter({UUID(bytes=account_id): count for account_id, count in rows})


async def list_account_devices(tx: Transaction, log: str, account_id: UUID) -> list[DeviceRow]:
    """Return the keys of one account."""
    rows = await tx.all(
        "SELECT log, kid, account_id, jwk, revoked_ms, revocation_reason FROM devices"
        " WHERE log = :log AND account_id = :account ORDER BY kid",
        log=log,
        account=account_id.bytes,
    )
    return [_read_device(row) for row in rows]


def _read_device(row: Row) -> DeviceRow:
    log, kid, account_id, jwk, revoked_ms, reason = row
    return DeviceRow(
        log=log,
        kid=kid,
        account_id=UUID(bytes=account_id),
        jwk=msgspec.json.decode(jwk, type=PublicJwk),
        revoked_ms=revoked_ms,
        revocation_reason=reason,
    )


async def list_accounts(tx: Transaction, log: str, account_ids: Sequence[UUID]) -> list[AccountRow]:
    """Return the accounts that exist among these ids."""
    if not account_ids:
        return []
    rows = await tx.all(
        "SELECT log, account_id, role, state, places, scopes, capacity, language,"
        " verification_code, premises_count, stays_count, created_pos,"
        " expires_ms FROM accounts"
        " WHERE log = :log AND account_id IN (:ids)",
        log=log,
        ids=[account_id.bytes for account_id in account_ids],
    )
    return [read_account(row) for row in rows]


async def list_all_accounts(tx: Transaction, log: str) -> list[AccountRow]:
    """Return every account in the order of their registration, for the operator."""
    rows = await tx.all(
        "SELECT log, account_id, role, state, places, scopes, capacity, language,"
        " verification_code, premises_count, stays_count, created_pos,"
        " expires_ms FROM accounts"
        " WHERE log = :log ORDER BY created_pos",
        log=log,
    )
    return [read_account(row) for row in rows]


def read_account(row: Row) -> AccountRow:
    """Return the account in a row of the table's columns in their order."""
    log, account_id, role, state, places, scopes, capacity, language, code, *counts = row
    return AccountRow(
        log=log,
        account_id=UUID(bytes=account_id),
        role=role,
        state=state,
        places=_places(places),
        scopes=_places(scopes),
        capacity=capacity,
        language=language,
        verification_code=code,
        premises_count=counts[0],
        stays_count=counts[1],
        created_pos=counts[2],
        expires_ms=counts[3],
    )


async def list_grants(tx: Transaction, log: str, premises_ids: Sequence[UUID]) -> list[GrantRow]:
    """Return the grants over these premises, live or not."""
    if not premises_ids:
        return []
    rows = await tx.all(
        "SELECT log, grant_id, account_id, premises_id, expires_ms, is_live FROM premises_grants"
        " WHERE log = :log AND premises_id IN (:ids)",
        log=log,
        ids=[premises_id.bytes for premises_id in premises_ids],
    )
    return [_read_grant(row) for row in rows]


async def find_grants(tx: Transaction, log: str, grant_ids: Sequence[UUID]) -> list[GrantRow]:
    """Return the grants over premises that exist among these ids."""
    if not grant_ids:
        return []
    rows = await tx.all(
        "SELECT log, grant_id, account_id, premises_id, expires_ms, is_live FROM premises_grants"
        " WHERE log = :log AND grant_id IN (:ids)",
        log=log,
        ids=[grant_id.bytes for grant_id in grant_ids],
    )
    return [_read_grant(row) for row in rows]


async def list_granted(
    tx: Transaction, log: str, account_id: UUID | None, now_ms: int
) -> list[UUID]:
    """Return the premises that an account reports for by a grant that has not ended."""
    if account_id is None:
        return []
    rows = await tx.all(
        "SELECT DISTINCT premises_id FROM premises_grants WHERE log = :log"
        " AND account_id = :account AND is_live = 1"
        " AND (expires_ms IS NULL OR expires_ms > :now) ORDER BY premises_id",
        log=log,
        account=account_id.bytes,
        now=now_ms,
    )
    return [UUID(bytes=row[0]) for row in rows]


def _read_grant(row: Row) -> GrantRow:
    log, grant_id, account_id, premises_id, expires_ms, is_live = row
    return GrantRow(
        log=log,
        grant_id=UUID(bytes=grant_id),
        account_id=UUID(bytes=account_id),
        premises_id=UUID(bytes=premises_id),
        expires_ms=expires_ms,
        is_live=bool(is_live),
    )


async def save_rights(tx: Transaction, rights: Rights) -> None:
    """Write what folding changed."""
    await tx.run_many(
        "INSERT INTO accounts (log, account_id, role, state, places, scopes, capacity, language,"
        " verification_code, premises_count, stays_count, created_pos, expires_ms)"
        " VALUES (:log, :account_id, :role, :state, :places, :scopes, :capacity, :language,"
        " :verification_code, :premises_count, :stays_count, :created_pos, :expires_ms)"
        " ON CONFLICT (log, account_id) DO UPDATE SET role = excluded.role,"
        " state = excluded.state, places = excluded.places, scopes = excluded.scopes,"
        " premises_count = excluded.premises_count, stays_count = excluded.stays_count,"
        " expires_ms = excluded.expires_ms",
        [_account_row(account) for account in rights.accounts.changed],
    )
    await tx.run_many(
        "INSERT INTO devices (log, kid, account_id, jwk, revoked_ms, revocation_reason)"
        " VALUES (:log, :kid, :account_id, :jwk, :revoked_ms, :revocation_reason)"
        " ON CONFLICT (log, kid) DO UPDATE SET revoked_ms = excluded.revoked_ms,"
        " revocation_reason = excluded.revocation_reason",
        [_device_row(device) for device in rights.devices.changed],
    )
    await tx.run_many(
        "INSERT INTO early_revocations (log, kid, revoked_ms, revocation_reason)"
        " VALUES (:log, :kid, :revoked_ms, :revocation_reason)"
        " ON CONFLICT (log, kid) DO UPDATE SET revoked_ms = excluded.revoked_ms,"
        " revocation_reason = excluded.revocation_reason",
        [msgspec.structs.asdict(early) for early in rights.early.changed],
    )
    await tx.run_many(
        "INSERT INTO premises_grants (log, grant_id, account_id, premises_id, expires_ms, is_live)"
        " VALUES (:log, :grant_id, :account_id, :premises_id, :expires_ms, :is_live)"
        " ON CONFLICT (log, grant_id) DO UPDATE SET is_live = excluded.is_live",
        [_grant_row(grant) for grant in rights.grants.changed],
    )


def _account_row(account: AccountRow) -> dict[str, Any]:
    return {
        **msgspec.structs.asdict(account),
        "account_id": account.account_id.bytes,
        "places": _encode(account.places),
        "scopes": _encode(account.scopes),
    }


def _device_row(device: DeviceRow) -> dict[str, Any]:
    return {
        **msgspec.structs.asdict(device),
        "account_id": device.account_id.bytes,
        "jwk": _encode(device.jwk),
    }


def _grant_row(grant: GrantRow) -> dict[str, Any]:
    return {
        **msgspec.structs.asdict(grant),
        "grant_id": grant.grant_id.bytes,
        "account_id": grant.account_id.bytes,
        "premises_id": grant.premises_id.bytes,
        "is_live": int(grant.is_live),
    }
