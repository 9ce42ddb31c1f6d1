"""Puts the parts together and decides nothing."""

import asyncio
import gc
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Final

from litestar import Litestar
from litestar.config.compression import CompressionConfig
from litestar.di import Provide
from litestar.exceptions import HTTPException
from litestar.types import ControllerRouterHandler
from msgspec.structs import replace

from api.access import OPERATION_SCOPES, OPERATIONS, check_scopes
from api.admission.rates import Rates
from api.admission.turns import Room, Turns
from api.answers import Answers
from api.authority import AccountAuthority
from api.blobs.redrawing import Easel
from api.blobs.routes import BlobsController
from api.communes.routes import CommunesController
from api.coverage.routes import read_coverage
from api.database.engine import Engine
from api.database.migrate import migrate
from api.database.opening import open_engine, open_held
from api.declarations.routes import list_declarations, show_declaration
from api.edge import Edge
from api.founding import found
from api.gateway.routes import GatewayController
from api.health import HealthController
from api.housekeeping import keep_house
from api.intake import Intake
from api.intake.kinds import COLLECTED, SHAPES
from api.intake_routes.devices import DevicesController
from api.intake_routes.feed import FeedController
from api.intake_routes.proofs import ProofsController
from api.intake_routes.pull import PullController
from api.intake_routes.push import PushController
from api.intake_routes.quarantine import QuarantineController
from api.ledger.clock import RegisterClock, steady_ms
from api.ledger.clock_store import find_instant
from api.ledger.committer import Committer, now_ms
from api.ledger.composing import Composer
from api.ledger.heads import HeadSigner
from api.ledger.keys import load_keys
from api.ledger.meter import Meter
from api.ledger.reading_store import read_head
from api.neighbours import follow
from api.orders.routes import OrdersController
from api.places.routes import PlacesController
from api.places.store import load_places
from api.pledges.routes import list_pledges, show_pledge
from api.premises.routes import list_premises, show_premises
from api.problems import Refusal
from api.providing import PROVIDED
from api.proxy import BehindProxy
from api.register import Register
from api.rendering import render_defect, render_http, render_refusal
from api.reports.routes import ReportsController
from api.review.routes import read_section, read_work
from api.schema.operations import check_operations, list_queries
from api.schema.routes import SchemaController
from api.scratch import make_folder
from api.sessions.routes import Doorkeeper, SessionsController
from api.settings import Settings, check_whole, has_keys
from api.setup.door import Door
from api.setup.records import Demo
from api.setup.routes import SetupController
from api.setup.rules import shift
from api.setup.store import load_setup
from api.shell.files import Site
from api.shell.routes import ShellController
from api.standing import check_belonging, check_standing
from api.stays.routes import list_stays, reveal_document, show_stay
from api.traffic import Measured
from api.verification.routes import list_pending
from api.watch import Watch

CONTROLLERS: Final[list[ControllerRouterHandler]] = [
    BlobsController,
    CommunesController,
    DevicesController,
    FeedController,
    GatewayController,
    HealthController,
    OrdersController,
    PlacesController,
    ProofsController,
    PullController,
    PushController,
    QuarantineController,
    ReportsController,
    SchemaController,
    SessionsController,
    SetupController,
    ShellController,
    list_declarations,
    list_pending,
    list_pledges,
    list_premises,
    list_stays,
    read_coverage,
    read_section,
    read_work,
    reveal_document,
    show_declaration,
    show_pledge,
    show_premises,
    show_stay,
]
_PWA: Final = Path(__file__).parents[1] / "pwa" / "dist"
_LOOPBACK: Final = frozenset({"127.0.0.1", "::1"})


@asynccontextmanager
async def open_register(
    settings: Settings,
    clock: Callable[[], int] = now_ms,
    steady: Callable[[], int] | None = None,
    *,
    may_migrate: bool = False,
) -> AsyncGenerator[Register]:
    """Open a register's data, or make them, and serve its committer until the block ends.

    Data of an older version are refused with DataOlder unless they may be migrated in their place.
    A clock that is given is its own measure of the time that passes, unless `steady` is given too.
    """
    steady = steady or (steady_ms if clock is now_ms else clock)
    make_folder(settings.data_dir)
    check_whole(settings)
    engine = await open_engine(settings)
    try:
        await check_standing(settings, engine, may_migrate=may_migrate)
        if may_migrate or not has_keys(settings):
            await migrate(engine, clock())
        await engine.check()
        register = await _put_together(settings, engine, clock, steady)
        async with register.committer:
            await found(register)
            async with _looked_after(register):
                yield register
            register.arrivals.stop()
    finally:
        await engine.close()


async def find_demonstration(settings: Settings) -> Demo | None:
    """Return of which demonstration the data are, served or not; None for any other register.

    Raises DataTorn where there is no register.
    """
    async with open_held(settings) as tx:
        return (await load_setup(tx, settings.log)).demo


@asynccontextmanager
async def _looked_after(register: Register) -> AsyncGenerator[None]:
    """Do until the block ends what a register does by itself."""
    tasks = [asyncio.create_task(keep_house(register), name="housekeeping")]
    if register.engine.is_shared:
        tasks.append(asyncio.create_task(follow(register), name="neighbours"))
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)


async def _put_together(
    settings: Settings, engine: Engine, machine_clock: Callable[[], int], steady: Callable[[], int]
) -> Register:
    """Return the parts of a register; a demonstration keeps its own time and may collect."""
    async with engine.reading() as tx:
        setup = await load_setup(tx, settings.log)
        head = await read_head(tx, settings.log)
        seen_ms = await find_instant(tx, settings.log) or head.received_ms or None
        await check_belonging(tx, settings.log, settings.keys_dir)
    settings = replace(settings, is_demo=settings.is_demo or setup.demo is not None)
    wall = shift(machine_clock, setup.demo.offset_ms if setup.demo else 0)
    clock = RegisterClock(wall, steady, None if setup.demo else seen_ms)
    keys, places = load_keys(settings.keys_dir, max(clock(), head.received_ms)), load_places()
    intake = Intake(settings.log, places, is_demonstration=settings.is_demo)
    authority = AccountAuthority(keys.gateway_kid)
    composer = Composer(settings.log, keys, clock)
    await composer.resume(engine)
    committer = Committer(engine, settings.log, intake, authority, keys=keys, clock=clock)
    committer.gate.watch(clock.is_lost)
    if not (settings.is_demo or setup.operator):
        committer.gate.close(COLLECTED)
    return Register(
        settings=settings,
        engine=engine,
        committer=committer,
        folder=intake,
        shapes=SHAPES,
        keys=keys,
        arrivals=committer.arrivals,
        tallies=committer.tallies,
        composer=composer,
        heads=HeadSigner(settings.log, keys, clock),
        meter=Meter(),
        clock=clock,
        name=places.names(settings.log),
        places=places,
        watch=Watch(engine, settings.log, clock),
    )


_COMPRESSION: Final = CompressionConfig(
    backend="brotli",
    brotli_quality=5,
    brotli_gzip_fallback=True,
    minimum_size=1024,
    exclude_opt_key="is_compressed",
)
Opening = Callable[[], AbstractAsyncContextManager[Register]]


def create_app(
    settings: Settings,
    clock: Callable[[], int] = now_ms,
    opening: Opening | None = None,
) -> Litestar:
    """Return the web application; a handler without an entry in `access` stops the start.

    It opens the register's data itself unless `opening` gives a register that is open already.
    """
    app = Litestar(
        route_handlers=CONTROLLERS,
        lifespan=[partial(_live, opening or partial(open_register, settings, clock))],
        dependencies={
            name: Provide(provide, sync_to_thread=False) for name, provide in PROVIDED.items()
        },
        middleware=[Doorkeeper, Edge],
        exception_handlers={
            Refusal: render_refusal,
            HTTPException: render_http,
            Exception: render_defect,
        },
        compression_config=_COMPRESSION,
        logging_config=None,
        openapi_config=None,
    )
    # Around the router, not in its middleware: what no route answers leaves the same way.
    app.asgi_handler = Answers(app.asgi_handler)
    if settings.is_behind_proxy:
        app.asgi_handler = BehindProxy(app.asgi_handler)
    app.asgi_handler = Measured(app.asgi_handler, app.state)
    app.state.queries = list_queries(app)
    check_operations(app)
    check_scopes(OPERATIONS, OPERATION_SCOPES)
    return app


@asynccontextmanager
async def _live(opening: Opening, app: Litestar) -> AsyncGenerator[None]:
    """Keep the register open as long as the application lives."""
    async with opening() as register:
        furnish(app, register)
        gc.collect()
        gc.freeze()
        yield


def furnish(app: Litestar, register: Register) -> None:
    """Let an application answer for this register, and forget what it counted for another."""
    settings, state = register.settings, app.state
    state.register = register
    state.site = Site.load(settings.pwa_dir or _PWA)
    state.easel = Easel()
    state.door = Door(settings.setup_code)
    state.turns, state.room = Turns(), Room()
    state.rates = Rates(
        register.engine,
        register.log,
        register.clock,
        secret=register.keys.nonce_key,
        # Behind a proxy nobody comes from this machine.
        free=frozenset() if settings.is_behind_proxy else _LOOPBACK,
    )
