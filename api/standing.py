"""Whether a start may go on with the data that stand there: asked before anything is written."""

from pathlib import Path

from api.accounts.store import is_registered
from api.database.engine import Engine, Transaction
from api.database.migrate import check_current
from api.ledger.keys import KeysBroken, read_public
from api.ledger.reading_store import find_newest
from api.settings import DataTorn, Settings, has_keys
from sync.receipts import read_receipt


async def check_standing(settings: Settings, engine: Engine, *, may_migrate: bool) -> None:
    """Raise DataTorn, DataOlder or DataLater for data that this program must not go on with.

    Raises KeysBroken for data that other keys signed, also where none are there any more.
    """
    is_begun = await engine.is_begun()
    if has_keys(settings):
        if not is_begun:
            raise DataTorn(f"{settings.where} holds no register")
        if not may_migrate:
            async with engine.reading() as tx:
                await check_current(tx, engine.dialect)
    if is_begun:
        async with engine.reading() as tx:
            await check_belonging(tx, settings.log, settings.keys_dir)


async def check_belonging(tx: Transaction, log: str, directory: Path) -> None:
    """Raise KeysBroken where a log is that these keys did not sign; nothing is written or made.

    Keys of before a rotation do not know who signed its end; those of after it know both.
    """
    newest = await find_newest(tx, log)
    if newest is None:
        return
    pos, receipt = newest
    gateway_kid, published = read_public(directory)
    if not await is_registered(tx, log, gateway_kid):
        raise KeysBroken(f"{directory} is of another register: its gateway key is not in the log")
    try:
        read_receipt(receipt, {key.kid: key.jwk for key in published})
    except ValueError as error:
        said = f"{directory} does not belong to these data: it holds no key that signed entry {pos}"
        raise KeysBroken(said) from error
