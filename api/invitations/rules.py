"""How codes are made and read: 60 random bits behind a handle that finds the row."""

import hashlib
import hmac
import secrets
from typing import Final

from api.access import Role
from api.invitations.records import Invitation
from sync.document import uuid7

LIFETIME_MS: Final = 7 * 86_400_000
TRIES_MAX: Final = 5
REST_MS: Final = 60_000
_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LOOKALIKES: Final = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V", "-": "", " ": ""})
_HANDLE: Final = 4
_SECRET: Final = 12
_GROUP: Final = 4


def invite(log: str, role: Role, places: tuple[str, ...], now_ms: int) -> tuple[str, Invitation]:
    """Return a new code, shown once, and the row that knows it again."""
    text = "".join(secrets.choice(_ALPHABET) for _ in range(_HANDLE + _SECRET))
    code = "-".join(text[n : n + _GROUP] for n in range(0, len(text), _GROUP))
    invitation = Invitation(
        invitation_id=uuid7(now_ms),
        log=log,
        handle=text[:_HANDLE],
        secret_sha256=_hash(text[_HANDLE:]),
        role=role,
        places=places,
        created_ms=now_ms,
        expires_ms=now_ms + LIFETIME_MS,
        tries_left=TRIES_MAX,
    )
    return code, invitation


def read_code(code: str) -> tuple[str, str] | None:
    """Return handle and secret of a typed code, forgiving look-alikes; None when it is none."""
    text = code.upper().translate(_LOOKALIKES)
    if len(text) != _HANDLE + _SECRET or any(letter not in _ALPHABET for letter in text):
        return None
    return text[:_HANDLE], text[_HANDLE:]


def rests(invitation: Invitation, now_ms: int) -> bool:
    """Say whether no try is taken: after five wrong ones a handle rests a minute after each more.

    It rests and does not end: whoever knows the handle must not end an honest invitation.
    """
    return invitation.tries_left <= 0 and now_ms < invitation.wrong_ms + REST_MS


def opens(invitation: Invitation, secret: str, now_ms: int) -> bool:
    """Say whether the secret belongs to an invitation that still holds."""
    holds = invitation.used_ms is None and now_ms < invitation.expires_ms
    return holds and hmac.compare_digest(_hash(secret), invitation.secret_sha256)


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
