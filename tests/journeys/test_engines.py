"""The same days in a register with a file and in one in PostgreSQL: owner, officer, district."""

from typing import Final

import pytest

from tests.commands.served import Served
from tests.journeys.acts import accept_first, become_officer, declare_without_signal, send_all
from tests.journeys.conftest import NewDevice, NewPhone
from tests.makers import DISTRICT, SANGKAT_4, make_document
from tests.world import Device

#: The duty to declare that has no end.
STANDING: Final = "019b8b74-1800-7000-8000-000000002026"
pytestmark = pytest.mark.usefixtures("each_engine")


async def count_waiting(officer: Device) -> dict[str, int]:
    """Return how much stands in each section of an officer's work list."""
    work = await officer.read("/v1/review")
    return {one["section"]: one["count"] for one in work["sections"] if one["count"]}


async def read_effects(device: Device, path: str) -> list[str]:
    return [one["effect"] for one in (await device.read(path))["items"]]


async def verify(officer: Device, owner: Device) -> None:
    body = {"account_id": str(owner.account_id)}
    await officer.send("verification", body, after=[owner.account_id])


async def test_an_owner_an_officer_and_the_district_see_the_same_register(new_device: NewDevice):
    owner, officer = await new_device(), await new_device("officer")
    district = await new_device("district", DISTRICT)
    house = await owner.send_premises()
    stays = [
        await owner.send_stay(house, document=make_document(f"TEST{n:05d}"), unit=str(n))
        for n in range(1, 4)
    ]
    assert await count_waiting(officer) == {"unverified": 4}
    await verify(officer, owner)
    assert await count_waiting(officer) == {"fresh": 4}
    await officer.review(house, "accept")
    await officer.review(stays[0], "return", "wrong_unit")
    revises = (stays[0], stays[0])
    mended = await owner.send("stay", {"unit": "14"}, revises=revises, after=[stays[0]])
    assert await count_waiting(officer) == {"fresh": 2, "corrected": 1}
    await officer.review(stays[0], "accept", revision=mended)
    await officer.review(stays[1], "refer", "registered_elsewhere")
    assert await read_effects(owner, "/v1/premises") == ["accepted"]
    for police in (officer, district):
        told = await read_effects(police, "/v1/stays")
        assert sorted(told) == ["accepted", "pending", "referred"]
    assert (await owner.get("/v1/review")).status_code == 403
    await check_coverage(district)


async def check_coverage(district: Device) -> None:
    """The district reads of its commune that one house is known and has not declared."""
    (order,) = (await district.read("/v1/coverage", order_id=STANDING))["orders"]
    (row,) = [one for one in order["communes"] if one["place_id"] == SANGKAT_4]
    assert (row["known"], row["declared"]) == (1, 0)


@pytest.mark.parametrize("each_engine", ["postgresql"], indirect=True)
async def test_what_was_declared_without_signal_is_accepted_on_postgresql_too(
    server: Served, new_phone: NewPhone
):
    owner, officer = new_phone(), new_phone("en-US")
    await declare_without_signal(owner)
    await owner.find_signal()
    await send_all(owner)
    await become_officer(officer, server)
    await accept_first(officer)
    await owner.press("sync-now")
    await owner.page.locator("[data-state=accepted]").first.wait_for()
