"""What backups read of a register: to whom they are sealed, and whether anything is new."""

from msgspec import Struct

from api.audit.store import find_last
from api.blobs.store import measure_kept
from api.ledger.reading_store import read_head
from api.register import Register
from api.setup.store import load_setup


class State(Struct, frozen=True):
    """What a backup would hold: equal when nothing was added to log, looks and photos."""

    recipients: tuple[str, ...]
    pos: int
    looks: int
    photos: tuple[int, int]


async def read_state(register: Register) -> State:
    """Return it of one snapshot."""
    async with register.engine.reading() as tx:
        setup = await load_setup(tx, register.log)
        head = await read_head(tx, register.log)
        looks, _ = await find_last(tx, register.log)
        photos = await measure_kept(tx, register.log)
    recipients = setup.recipients.recipients if setup.recipients else ()
    return State(recipients, head.pos, looks, photos)
