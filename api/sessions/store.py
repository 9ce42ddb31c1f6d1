"""The SQL of tokens and of assertions that were used."""

from collections import Counter
from typing import Final
from uuid import UUID

import msgspec

from api.accounts.store import read_account
from api.database.engine import Row, Transaction
from api.sessions.records import Principal, Token
from api.sessions.rules import SENDS_ONLY, may_sign_in
from sync.keys import PublicJwk

_scopes: Final = msgspec.json.Decoder(tuple[str, ...]).decode
_jwk: Final = msgspec.json.Decoder(PublicJwk).decode
_USE_STEP_MS: Final = 60_000


async def spend_assertion(tx: Transaction, jti: str, expires_ms: int) -> bool:
    """Note that an assertion was used; return False when it was used before."""
    changed = await tx.run(
        "INSERT INTO assertions (jti, expires_ms) VALUES (:jti, :expires) ON CONFLICT DO NOTHING",
        jti=jti,
        expires=expires_ms,
    )
    return changed == 1


async def record_token(tx: Transaction, token: Token) -> None:
    """Keep a token's hash."""
    await tx.run(
        "INSERT INTO tokens (sha256, log, account_id, kid, audience, scopes, issued_ms,"
        " expires_ms, idle_ms, used_ms) VALUES (:sha256, :log, :account, :kid, :audience,"
        " :scopes, :issued, :expires, :idle, :used)",
        sha256=token.sha256,
        log=token.log,
        account=token.account_id.bytes,
        kid=token.kid,
        audience=token.audience,
        scopes=msgspec.json.encode(token.scopes),
        issued=token.issued_ms,
        expires=token.expires_ms,
        idle=token.idle_ms,
        used=token.used_ms,
    )


async def forget_expired(tx: Transaction, now_ms: int) -> None:
    """Forget tokens and assertions that no longer hold; their age is judged wherever they count."""
    await tx.run("DELETE FROM assertions WHERE expires_ms < :now", now=now_ms)
    await tx.run("DELETE FROM tokens WHERE expires_ms < :now", now=now_ms)


async def find_session(
    tx: Transaction, sha256: bytes, now_ms: int
) -> tuple[Token, Principal] | None:
    """Return the token and whom it speaks for now.

    Tokens of before a key's end are void, and so are all of an account whose role has ended.
    """
    row = await tx.one(
        "SELECT t.sha256, t.log, t.account_id, t.kid, t.audience, t.scopes, t.issued_ms,"
        " t.expires_ms, t.idle_ms, t.used_ms, a.log, a.account_id, a.role, a.state, a.places,"
        " a.scopes, a.capacity, a.language, a.verification_code, a.premises_count,"
        " a.stays_count, a.created_pos, a.expires_ms, d.revoked_ms, d.revocation_reason, d.jwk"
        " FROM tokens t"
        " JOIN accounts a ON a.log = t.log AND a.account_id = t.account_id"
        " LEFT JOIN devices d ON d.log = t.log AND d.kid = t.kid"
        " WHERE t.sha256 = :sha256",
        sha256=sha256,
    )
    if row is None:
        return None
    token, account = _read_token(row[:10]), read_account(row[10:-3])
    revoked_ms, reason, jwk = row[-3:]
    is_leaving = SENDS_ONLY in token.scopes
    is_void = account.is_over(now_ms) or (revoked_ms is not None and not is_leaving)
    if is_void or not may_sign_in(account.role, revoked_ms, reason, now_ms):
        return None
    scopes = tuple(sorted({*account.scopes} & {*token.scopes})) if token.scopes else ()
    principal = Principal(
        account_id=account.account_id,
        role=account.role,
        state=account.state,
        places=account.places,
        scopes=scopes,
        kid=token.kid,
        jwk=None if jwk is None else _jwk(jwk),
        is_leaving=is_leaving,
    )
    return token, principal


def _read_token(row: Row) -> Token:
    sha256, log, account_id, kid, audience, scopes, issued_ms, expires_ms, idle_ms, used_ms = row
    return Token(
        sha256=sha256,
        log=log,
        account_id=UUID(bytes=account_id),
        kid=kid,
        audience=audience,
        scopes=_scopes(scopes),
        issued_ms=issued_ms,
        expires_ms=expires_ms,
        idle_ms=idle_ms,
        used_ms=used_ms,
    )


async def note_use(tx: Transaction, token: Token, now_ms: int) -> None:
    """Remember that a token with an idle limit was used."""
    await tx.run(
        "UPDATE tokens SET used_ms = :now WHERE sha256 = :sha256", now=now_ms, sha256=token.sha256
    )


def needs_note(token: Token, now_ms: int) -> bool:
    """Say whether the last use is old enough to be worth a write."""
    return token.idle_ms is not None and now_ms - token.used_ms > _USE_STEP_MS


async def count_tokens(tx: Transaction, log: str, now_ms: int) -> Counter[UUID]:
    """Return how many tokens of each account hold."""
    rows = await tx.all(
        "SELECT account_id, COUNT(*) FROM tokens WHERE log = :log AND expires_ms > :now"
        " GROUP BY account_id",
        log=log,
        now=now_ms,
    )
    return Counter({UUID(bytes=account_id): count for account_id, count in rows})


async def forget_tokens(tx: Transaction, log: str, account_id: UUID) -> int:
    """End every session of an account."""
    return await tx.run(
        "DELETE FROM tokens WHERE log = :log AND account_id = :account",
        log=log,
        account=account_id.bytes,
    )


async def list_tokens(tx: Transaction, log: str) -> set[bytes]:
    """Return the hashes of the tokens that a register keeps."""
    rows = await tx.all("SELECT sha256 FROM tokens WHERE log = :log", log=log)
    return {row[0] for row in rows}


async def keep_tokens(tx: Transaction, log: str, kept: set[bytes]) -> None:
    """End every session but these."""
    await tx.run_many(
        "DELETE FROM tokens WHERE sha256 = :sha256",
        [{"sha256": sha256} for sha256 in await list_tokens(tx, log) - kept],
    )
