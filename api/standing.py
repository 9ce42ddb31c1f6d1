"""Whether a start may go on with the data that stand there: asked before anything is written."""

from api.database.engine import Engine
from api.database.migrate import check_current
from api.ledger.belonging import check_belonging
from api.settings import DataTorn, Settings, has_keys


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
