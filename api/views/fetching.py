"""When a commune's post last fetched what had arrived: a silent post has to be noticed."""

from functools import partial
from typing import Final

from api.places.store import list_fetched, note_fetched
from api.register import Register
from api.sessions.records import Principal

_OF_A_POST: Final = ("officer", "node", "client")
_STEP_MS: Final = 60_000


async def note_fetch(register: Register, principal: Principal) -> None:
    """Put down that somebody of the post fetched, at most once a minute."""
    if principal.role not in _OF_A_POST:
        return
    named = [register.places.by_id.get(place_id) for place_id in principal.places]
    communes = [place.place_id for place in named if place and place.level == "commune"]
    now_ms = register.clock()
    async with register.engine.reading() as tx:
        fetched = await list_fetched(tx, register.log, communes)
    due = [place_id for place_id in communes if now_ms - fetched.get(place_id, 0) >= _STEP_MS]
    if due:
        put = partial(note_fetched, log=register.log, places=due, now_ms=now_ms)
        await register.engine.write(put)
