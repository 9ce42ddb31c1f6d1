"""How a code is read when somebody types it, and what of an account an officer sees: pure."""

from typing import Final

from api.accounts.records import AccountRow
from api.verification.records import PendingAccount
from sync.document import open_disclosure
from sync.instants import write_instant

_BETWEEN: Final = str.maketrans("", "", " -")


def read_code(text: str) -> str:
    """Return a code in capitals, without what people put between the letters."""
    return text.translate(_BETWEEN).upper()


def describe(account: AccountRow, received_ms: int, contact: str | None) -> PendingAccount:
    """Return an account to compare; without `contact` it has no name."""
    person = open_disclosure(contact) if contact else {}
    return PendingAccount(
        account_id=account.account_id,
        verification_code=account.verification_code,
        name=person.get("name"),
        phone=person.get("phone"),
        capacity=account.capacity,
        language=account.language,
        premises_count=account.premises_count,
        stays_count=account.stays_count,
        registered_at=write_instant(received_ms),
    )
