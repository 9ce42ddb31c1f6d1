"""Orders as the operator gives them for the province: listed, added, ended."""

from uuid import UUID

import msgspec
from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Struct

from api.ledger.store import load_entities
from api.orders.records import KnownOrder, Order
from api.orders.store import list_orders
from api.problems import NotFound
from api.register import Register
from api.submitting import submit
from sync.document import uuid7


class Ending(Struct, frozen=True):
    """The last day on which an order collects (`2022-09-24`)."""

    ends_on: str


class OrdersController(Controller):
    """Orders."""

    path = "/orders"

    @get()
    async def list(self, register: NamedDependency[Register]) -> list[KnownOrder]:
        """Return every order, oldest first."""
        async with register.engine.reading() as tx:
            return await list_orders(tx, register.log)

    @post()
    async def add(self, register: NamedDependency[Register], data: JSONBody[Order]) -> KnownOrder:
        """Put an order into the log, signed by the register."""
        order_id = uuid7(register.clock())
        item = register.composer.compose("order", msgspec.to_builtins(data), document_id=order_id)
        await submit(register, [item])
        return KnownOrder(order_id, data)

    @post("/{order_id:uuid}/ending")
    async def end(
        self,
        register: NamedDependency[Register],
        order_id: FromPath[UUID],
        data: JSONBody[Ending],
    ) -> KnownOrder:
        """Let an order collect no longer than a day; what it collected stays."""
        async with register.engine.reading() as tx:
            entities = await load_entities(tx, register.log, [order_id])
        order = entities.get(order_id)
        if order is None or order.kind != "order":
            raise NotFound
        item = register.composer.compose(
            "order",
            {"ends_on": data.ends_on},
            revises=(order_id, order.revision),
            after=[order.revision],
        )
        await submit(register, [item])
        async with register.engine.reading() as tx:
            known = {one.id: one for one in await list_orders(tx, register.log)}
        return known[order_id]
