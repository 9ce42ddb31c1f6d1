"""What handlers may ask for by name: the application's parts, and what a request alone decides."""

from typing import Final

from litestar.datastructures import State

from api.admission.rates import Rates
from api.blobs.redrawing import Easel
from api.blobs.routes import provide_uploading
from api.gateway.routes import provide_gateway
from api.intake_routes.feed import provide_wanted
from api.orders.rules import day_of
from api.places.store import load_places
from api.register import Register
from api.sessions.routes import provide_principal
from api.setup.door import Door
from api.shell.files import Site
from api.views.reading import provide_reading


def _provide_register(state: State) -> Register:
    register: Register = state.register
    return register


def _provide_door(state: State) -> Door:
    door: Door = state.door
    return door


def _provide_rates(state: State) -> Rates:
    rates: Rates = state.rates
    return rates


def _provide_easel(state: State) -> Easel:
    easel: Easel = state.easel
    return easel


def _provide_site(state: State) -> Site:
    site: Site = state.site
    return site


def _provide_today(state: State) -> str:
    return day_of(_provide_register(state).clock())


PROVIDED: Final = {
    "door": _provide_door,
    "easel": _provide_easel,
    "gateway": provide_gateway,
    "places": load_places,
    "principal": provide_principal,
    "rates": _provide_rates,
    "reading": provide_reading,
    "register": _provide_register,
    "site": _provide_site,
    "today": _provide_today,
    "uploading": provide_uploading,
    "wanted": provide_wanted,
}
