"""The first steps of a register, asked by a command instead of the page."""

from uuid import UUID

import msgspec
from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody
from msgspec import Struct

from api.problems import SetUpAlready, Unprocessable
from api.register import Register
from api.setup.records import FirstSteps, Steps
from api.setup.rules import find_wrong, read_form
from api.setup.steps import list_open_orders, take_first_steps
from sync.messages import FieldError


class OpenOrder(Struct, frozen=True):
    """An order that can be collected for."""

    id: UUID
    title: str


class FirstStepsController(Controller):
    """Who answers for the register."""

    path = "/setup"

    @get()
    async def list(self, register: NamedDependency[Register]) -> list[OpenOrder]:
        """Return the orders to choose from; SetUpAlready once somebody answers for the register."""
        if register.committer.gate.is_open:
            raise SetUpAlready
        orders = await list_open_orders(register)
        return [OpenOrder(order_id, titles["en"]) for order_id, titles in orders.items()]

    @post()
    async def take(
        self, register: NamedDependency[Register], data: JSONBody[dict[str, str]]
    ) -> Steps:
        """Take the first steps, as the page does, of the same fields."""
        if register.committer.gate.is_open:
            raise SetUpAlready
        values = read_form(data)
        communes = [place.place_id for place in register.places.communes]
        orders = [str(order_id) for order_id in await list_open_orders(register)]
        wrong = find_wrong(values, communes, orders)
        if wrong:
            errors = tuple(FieldError(f"/{name}", "field.value") for name in wrong)
            raise Unprocessable("schema", errors=errors)
        return await take_first_steps(register, msgspec.convert(values, FirstSteps))
