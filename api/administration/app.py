"""Puts the operator's calls together into an application apart from the public one."""

from litestar import Litestar
from litestar.di import Provide
from litestar.exceptions import HTTPException

from api.administration.accounts import AccountsController
from api.administration.backups import BackupsController
from api.administration.clock import ClockController
from api.administration.first_steps import FirstStepsController
from api.administration.lists import ListsController
from api.administration.orders import OrdersController
from api.administration.pledges import PledgeTextsController
from api.problems import Refusal
from api.register import Register
from api.rendering import render_defect, render_http, render_refusal


def create_administration(register: Register) -> Litestar:
    """Return the operator's application over a register that is open."""

    def provide_register() -> Register:
        return register

    return Litestar(
        route_handlers=[
            AccountsController,
            BackupsController,
            ClockController,
            FirstStepsController,
            ListsController,
            OrdersController,
            PledgeTextsController,
        ],
        dependencies={"register": Provide(provide_register, sync_to_thread=False)},
        exception_handlers={
            Refusal: render_refusal,
            HTTPException: render_http,
            Exception: render_defect,
        },
        openapi_config=None,
        logging_config=None,
    )
