"""Reading orders: anybody may know what was ordered."""

from litestar import Controller, Response, get
from litestar.di import NamedDependency

from api.answers import tag
from api.orders import rules, store
from api.orders.records import OrderView
from api.register import Register


class OrdersController(Controller):
    """Orders."""

    path = "/v1/orders"

    @get(opt={"operation": "orders.list"})
    async def list_all(self, register: NamedDependency[Register]) -> Response[list[OrderView]]:
        """Return every order, oldest first; `is_open` says whether it collects today."""
        async with register.engine.reading() as tx:
            orders = await store.list_orders(tx, register.log)
        today = rules.day_of(register.clock())
        return tag([rules.describe(order, today) for order in orders])
