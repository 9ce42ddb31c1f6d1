"""The register's clock as the operator sees it: believed or not, and confirmed by a person."""

from litestar import Controller, get, post
from litestar.di import NamedDependency
from msgspec import Struct

from api.housekeeping import tidy_up
from api.register import Register
from sync.instants import write_instant


class ClockState(Struct, frozen=True):
    """What time it is here; `doubt` says why nothing is deleted for its age."""

    now: str
    doubt: str | None


class ClockController(Controller):
    """The clock."""

    path = "/clock"

    @get()
    async def show(self, register: NamedDependency[Register]) -> ClockState:
        """Return the time, and whether it is believed."""
        return ClockState(write_instant(register.clock()), register.clock.find_doubt())

    @post("/confirmation")
    async def confirm(self, register: NamedDependency[Register]) -> ClockState:
        """Believe the machine's clock from now on."""
        register.clock.confirm()
        await tidy_up(register)
        return ClockState(write_instant(register.clock()), register.clock.find_doubt())
