"""Whether keys are those of a log: others' would sign what nobody could take out of it again."""

from pathlib import Path
from typing import Final

from api.database.engine import Transaction
from api.ledger.keys import KeysBroken, read_public
from sync.receipts import read_receipt

_NEWEST: Final = "SELECT pos, receipt FROM entries WHERE log = :log ORDER BY pos DESC LIMIT 1"
_REGISTERED: Final = "SELECT 1 FROM devices WHERE log = :log AND kid = :kid"


async def check_belonging(tx: Transaction, log: str, directory: Path) -> None:
    """Raise KeysBroken where a log is that these keys did not sign; nothing is written or made.

    Keys of before a rotation do not know who signed its end; those of after it know both. It reads
    two rows, which every version of the tables has.
    """
    newest = await tx.one(_NEWEST, log=log)
    if newest is None:
        return
    gateway_kid, published = read_public(directory)
    pos, receipt = newest
    if await tx.one(_REGISTERED, log=log, kid=gateway_kid) is None:
        raise KeysBroken(f"{directory} is of another register: its gateway key is not in the log")
    try:
        read_receipt(receipt, {key.kid: key.jwk for key in published})
    except ValueError as error:
        said = f"{directory} does not belong to these data: it holds no key that signed entry {pos}"
        raise KeysBroken(said) from error
