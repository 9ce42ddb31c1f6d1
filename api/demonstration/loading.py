"""Builds a whole demonstration in an empty folder, from the first invitation to the last review."""

from collections.abc import Callable
from contextlib import AsyncExitStack, nullcontext
from datetime import date
from typing import Any
from uuid import UUID, uuid5

import httpx
import msgspec
from msgspec import Struct
from msgspec.structs import replace

from api.administration.accounts import Issuing, make_token
from api.app import create_app, open_register
from api.demonstration import order
from api.demonstration.calendar import DAY_MS, STORY_DAYS, StoryClock, offset_to
from api.demonstration.handing_out import HandOut, hand_out
from api.demonstration.households import Duty, Household, list_households
from api.demonstration.phones import Phone
from api.demonstration.sending import Courier, Note
from api.demonstration.story import Teller
from api.invitations.issuing import make_invitation
from api.pledges.store import load_shipped
from api.register import Register
from api.settings import Settings
from api.setup.records import Demo, Size
from api.setup.store import record
from api.submitting import submit
from api.synthetic.population import build

_PLEDGE_TEXT = "psh-2022-short"
# A script finds the order of a seed and day again.
_ORDERS = UUID("6f1c1d2a-5b0e-4d53-9a7e-2d3b1c0f8e41")


class Recipe(Struct, frozen=True):
    """Which demonstration: how large, which people, which day it shows."""

    size: Size
    seed: int
    today: date


async def load(
    settings: Settings, recipe: Recipe, machine_clock: Callable[[], int], note: Note
) -> HandOut:
    """Fill the empty folder `settings.data_dir`; return what a visitor needs to try it."""
    offset_ms = offset_to(recipe.today, machine_clock)
    now_ms = machine_clock() + offset_ms
    clock = StoryClock(now_ms - STORY_DAYS * DAY_MS)
    async with AsyncExitStack() as stack:
        register = await stack.enter_async_context(
            open_register(replace(settings, is_demo=True), clock)
        )
        app: Any = create_app(register.settings, opening=lambda: nullcontext(register))
        await stack.enter_async_context(app.lifespan())
        http = await stack.enter_async_context(
            httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=settings.base_url)
        )
        stage = Stage(register, http, clock)
        households = await stage.play(recipe, now_ms, note)
        clock.reach(now_ms)
        demo = Demo(
            size=recipe.size,
            seed=recipe.seed,
            today=recipe.today.isoformat(),
            offset_ms=offset_ms,
        )
        async with register.engine.writing() as tx:
            await record(tx, register.log, demo, now_ms)
        return await hand_out(register, households, stage.officers)


class Stage:
    """An empty register on which the story is played."""

    def __init__(self, register: Register, http: httpx.AsyncClient, clock: StoryClock) -> None:
        """Begin on the first day."""
        self._register = register
        self._http = http
        self._clock = clock
        self.officers: dict[str, Phone] = {}

    async def play(self, recipe: Recipe, now_ms: int, note: Note) -> list[Household]:
        """Invite the officers, issue the order, and let everybody declare until now."""
        log, start_ms = self._register.log, self._clock()
        population = build(recipe.size, recipe.seed, recipe.today)
        for commune in self._register.places.communes:
            self.officers[commune.place_id] = await self._enrol_officer(commune.place_id)
        duty = await self._issue_order(recipe)
        households = list_households(population, log, start_ms)
        teller = Teller(self.officers, duty, recipe.seed, now_ms)
        relay = Issuing(places=(log,), scopes=("relay",), name="TEST DATA courier")
        token = (await make_token(self._register, relay)).token
        await Courier(self._http, token, self._clock, note).carry(teller.tell(households))
        return households

    async def _enrol_officer(self, place: str) -> Phone:
        invited = await make_invitation(self._register, "officer", (place,))
        phone = Phone(self._register.log, self._clock())
        contact = {"name": f"TEST DATA officer of {place}", "phone": ""}
        account = phone.register(
            contact, self._clock(), capacity="officer", language="km", invitation=invited.code
        )
        body = {"registration": msgspec.to_builtins(account.item)}
        (await self._http.post("/v1/devices", json=body)).raise_for_status()
        return phone

    async def _issue_order(self, recipe: Recipe) -> Duty:
        order_id = uuid5(_ORDERS, f"{recipe.seed} {recipe.today}")
        body = order.describe(self._register.log, recipe.today)
        item = self._register.composer.compose("order", body, document_id=order_id)
        await submit(self._register, [item])
        texts = (known.text for known in load_shipped())
        return Duty(order_id, next(text for text in texts if text.text_id == _PLEDGE_TEXT))
