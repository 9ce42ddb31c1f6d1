"""The page of the first day: server-rendered, without JavaScript, behind a code of the terminal."""

from typing import Any, Final, Literal

import msgspec
from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery, URLEncodedBody

from api.problems import NotFound
from api.register import Register
from api.setup import pages, rules
from api.setup.door import Door, Passed
from api.setup.records import FirstSteps
from api.setup.steps import list_open_orders, take_first_steps

Language = Literal["km", "en", "zh"]
_HEADERS: Final = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": pages.POLICY,
}


class SetupController(Controller):
    """Who operates the register: asked once."""

    path = "/setup"

    @get(opt={"operation": "setup"}, include_in_schema=False)
    async def show(
        self,
        register: NamedDependency[Register],
        door: NamedDependency[Door],
        language: FromQuery[Language] = "en",
    ) -> Response[str]:
        """Return the form; nothing is there once somebody answers for the register."""
        _check_open(register, door)
        return _answer(pages.draw_form(language, {}, [], await _choices(register, language)))

    @post(opt={"operation": "setup"}, include_in_schema=False, status_code=200)
    async def take(
        self,
        register: NamedDependency[Register],
        door: NamedDependency[Door],
        data: URLEncodedBody[dict[str, str]],
    ) -> Response[str]:
        """Take the first steps, or show the form again with what is missing.

        Whoever presses twice is shown the same page again: it holds the first officer's code.
        """
        async with door.turn:
            if door.passed is not None and door.passed.sent == data:
                return _answer(door.passed.page)
            _check_open(register, door)
            return await self._take(register, door, data)

    async def _take(self, register: Register, door: Door, data: dict[str, str]) -> Response[str]:
        language = _read_language(data)
        if not door.opens_to(data.get("code", "")):
            return await _ask_again(register, language, data, ["code"])
        values = rules.read_form(data)
        choices = await _choices(register, language)
        wrong = rules.find_wrong(values, choices.communes, choices.orders)
        if wrong:
            return await _ask_again(register, language, data, wrong)
        steps = await take_first_steps(register, msgspec.convert(values, FirstSteps))
        link = f"{register.settings.base_url}/app/?invitation={steps.invitation}"
        page = pages.draw_done(language, steps, link)
        door.passed = Passed(data, page)
        return _answer(page)


def _read_language(data: dict[str, str]) -> Language:
    try:
        return msgspec.convert(data.get("language"), Language)
    except msgspec.ValidationError:
        return "en"


def _check_open(register: Register, door: Door) -> None:
    if register.committer.gate.is_open or door.is_closed:
        raise NotFound


async def _choices(register: Register, language: Language) -> pages.Choices:
    orders = await list_open_orders(register)
    communes = {
        place.place_id: f"{place.name_km} · {place.name_latin}"
        for place in register.places.communes
    }
    return pages.Choices(
        province=register.name[language] or register.name["en"] or register.log,
        communes=communes,
        orders={str(order_id): titles[language] for order_id, titles in orders.items()},
    )


async def _ask_again(
    register: Register, language: Language, typed: dict[str, str], wrong: list[str]
) -> Response[str]:
    choices = await _choices(register, language)
    return _answer(pages.draw_form(language, typed, wrong, choices), status=422)


def _answer(page: str, status: int = 200) -> Response[Any]:
    return Response(page, media_type="text/html", status_code=status, headers=_HEADERS)
