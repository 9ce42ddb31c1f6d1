"""The SQL of owners who wait to be verified."""

from uuid import UUID

from api.accounts.records import AccountRow
from api.accounts.store import list_accounts
from api.database.engine import Transaction
from api.ledger.records import Scope

PENDING_MAX = 200


async def list_pending(
    tx: Transaction, log: str, scope: Scope, code: str
) -> list[tuple[AccountRow, int]]:
    """Return unverified owners with premises in a scope of places, longest waiting first.

    With each stands when it registered, in milliseconds; an empty code means any.
    """
    rows = await tx.all(
        "SELECT a.account_id, e.received_ms FROM accounts a"
        " JOIN entities e ON e.log = a.log AND e.entity = a.account_id"
        " WHERE a.log = :log AND a.state = 'unverified' AND a.role = 'owner'"
        " AND (:code = '' OR a.verification_code = :code)"
        " AND EXISTS (SELECT 1 FROM entities p WHERE p.log = a.log"
        " AND p.author = a.account_id AND p.kind = 'premises' AND p.effect <> 'withdrawn'"
        " AND (:everywhere = 1 OR p.place IN (:places)))"
        " ORDER BY a.created_pos LIMIT :limit",
        log=log,
        code=code,
        everywhere=int(scope.everything),
        places=scope.places or ("",),
        limit=PENDING_MAX,
    )
    received = {UUID(bytes=row[0]): row[1] for row in rows}
    accounts = await list_accounts(tx, log, list(received))
    ordered = sorted(accounts, key=lambda account: account.created_pos)
    return [(account, received[account.account_id]) for account in ordered]
