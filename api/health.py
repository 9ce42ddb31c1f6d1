"""Whether the process lives, and whether what it acknowledges is durable."""

from litestar import Controller, get
from litestar.di import NamedDependency

from api.limits import NOT_READY_SECONDS
from api.problems import Overloaded
from api.register import Register


class HealthController(Controller):
    """For load balancers and operators."""

    path = "/"

    @get("/livez", opt={"operation": "health.live"})
    async def live(self) -> dict[str, str]:
        """Return that the process answers."""
        return {"status": "live"}

    @get("/readyz", opt={"operation": "health.ready"})
    async def ready(self, register: NamedDependency[Register]) -> dict[str, str]:
        """Return what durability rests on; 503 when an acknowledgement could be lost.

        So it is on a full disk, and while another program locks the database, although reading
        goes on.
        """
        try:
            durable = await register.engine.check()
        except RuntimeError as error:
            raise Overloaded(retry_after=NOT_READY_SECONDS) from error
        if not await register.engine.has_room():
            raise Overloaded(retry_after=NOT_READY_SECONDS)
        return {"status": "ready", **durable, "clock": register.clock.find_doubt() or "believed"}
