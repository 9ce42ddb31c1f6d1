"""A small village in which every screen has something to show: for looking at all of them.

An owner with premises whose people are new, returned, in conflict, gone and refused; an officer
with a list to work through. All of it is TEST DATA.
"""

from typing import NamedTuple
from uuid import UUID

from tests.commands.served import Served
from tests.journeys.acts import (
    become_officer,
    declare_premises,
    declare_stay,
    leave_today,
    list_premises,
    register,
    send_all,
    sign_pledge,
)
from tests.journeys.conftest import NewDevice, NewPhone
from tests.journeys.documents import damage
from tests.journeys.neighbours import (
    correct_beside,
    declare_clean_house,
    declare_in_long_words,
)
from tests.journeys.phone import Phone
from tests.world import Device


class Village(NamedTuple):
    """Who lives there, and what the addresses of screens name."""

    owner: Phone
    officer: Phone
    stranger: Phone
    newcomer: Phone
    ids: dict[str, str]


async def found_village(server: Served, new_phone: NewPhone, new_device: NewDevice) -> Village:
    """Let the story happen; at its end everything has arrived but what was refused."""
    owner, officer, stranger = new_phone(), new_phone("en-US"), new_phone()
    newcomer = new_phone("zh-CN")
    ids = await _settle(owner)
    police = await new_device("officer")
    ids["conflict"] = str(await correct_beside(police, owner, ids["premises"]))
    await _judge(police, ids)
    await _move_in(police, await new_device(), ids)
    await _go_on(owner, ids)
    await become_officer(officer, server)
    for kind in ("declaration", "pledge"):
        item = officer.page.locator(f"[data-testid=inbox-item][data-kind={kind}]").first
        ids[kind] = str(await item.get_attribute("href")).rsplit("/", 1)[1]
    await stranger.switch_on("/app/help")
    await stranger.load_once()
    await newcomer.switch_on()
    await register(newcomer, "TEST DATA 新业主")
    return Village(owner, officer, stranger, newcomer, ids)


async def _settle(owner: Phone) -> dict[str, str]:
    """The owner declares a house with three people."""
    await owner.switch_on()
    await owner.load_once()
    await register(owner, "TEST DATA ម្ចាស់ផ្ទះ 业主")
    await declare_premises(owner)
    ids: dict[str, str] = {}
    for number, name in enumerate(("fresh", "returned", "departed"), 1):
        ids[name] = await declare_stay(owner, number)
    ids["premises"] = owner.page.url.split("/premises/")[1].split("?")[0]
    await send_all(owner)
    return ids


async def _judge(police: Device, ids: dict[str, str]) -> None:
    """The post answers."""
    remarks = {"remarks": {"text": "TEST DATA សូមមើលម្តងទៀត"}}
    await police.review(UUID(ids["premises"]), "accept")
    await police.review(
        UUID(ids["returned"]), "return", "wrong_unit", "date_missing", disclosed=remarks
    )


async def _move_in(police: Device, other: Device, ids: dict[str, str]) -> None:
    """Another owner's house, with somebody whose papers carry marks."""
    premises_id = await declare_clean_house(police, other, 2)
    visa = {"class": "EB", "expires_on": "2024-01-31", "entered_on": "2023-02-18"}
    marked = await other.send_stay(premises_id, document_holder="employer", role="works", visa=visa)
    long, tall = await declare_in_long_words(other)
    ids |= {"other": str(premises_id), "marked": str(marked), "long": str(long), "tall": str(tall)}


async def _go_on(owner: Phone, ids: dict[str, str]) -> None:
    """One person leaves, the list is declared, the pledge signed; one entry is damaged."""
    await owner.find_signal()
    await leave_today(owner, ids["departed"])
    await send_all(owner)
    await owner.open(f"/app/premises/{ids['premises']}/declare")
    await owner.press("declare-save")
    await owner.at("declare-saved").wait_for()
    await sign_pledge(owner, ids["premises"])
    await owner.open("/app/")
    await declare_premises(owner)
    ids["empty"] = await _find_empty(owner, ids["premises"])
    await send_all(owner)
    await owner.lose_signal()
    await owner.open(f"/app/premises/{ids['premises']}")
    ids["refused"] = await declare_stay(owner, 5)
    await damage(owner, -1, "signature")
    await owner.find_signal()
    await send_all(owner)


async def _find_empty(owner: Phone, inhabited: str) -> str:
    """The id of the premises where nobody lives."""
    (empty,) = {*await list_premises(owner, count=2)} - {inhabited}
    return empty
