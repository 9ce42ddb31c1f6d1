"""What makes a declaration of premises complete, and under which words it is found."""

from typing import Any

import msgspec
import pytest

from api.premises.records import Premises
from api.premises.rules import check
from tests.makers import make_premises
from tests.world import World

LICENCE = {"kind": "hotel", "number": "TEST 1", "authority": "TEST DATA"}


@pytest.mark.parametrize(
    ("expires_on", "pointers"),
    [
        ("2027-01-31", []),
        ("unknown", []),
        (None, []),
        ("2027-02-30", ["/body/licences/0/expires_on"]),
        ("2027-01", ["/body/licences/0/expires_on"]),
    ],
)
def test_a_licence_expires_on_a_day_of_the_calendar_or_nobody_knows(
    expires_on: str | None, pointers: list[str]
):
    body = make_premises(licences=[{**LICENCE, "expires_on": expires_on}])
    errors = check(msgspec.convert(body, Premises), {})
    assert [error.pointer for error in errors] == pointers


async def names_found(world: World, text: str) -> list[Any]:
    page = await world.officer.read("/v1/premises", q=text)
    return [view["body"]["names"] for view in page["items"]]


@pytest.mark.parametrize("name", [" ", "\u200b", "\u200b \u00a0"])
def test_a_name_that_nobody_sees_is_no_name(name: str):
    errors = check(msgspec.convert(make_premises(names={"km": name}), Premises), {})
    assert [error.pointer for error in errors] == ["/body/names/km"]


async def test_premises_are_found_by_the_name_they_have_now(world: World):
    premises_id = await world.owner.send_premises(names={"latin": "TEST DATA Old"})
    names = {"latin": "TEST DATA New"}
    body = {"names": names}
    revises = (premises_id, premises_id)
    await world.owner.send("premises", body, revises=revises, after=[premises_id])
    assert await names_found(world, "data new") == [names]
    assert await names_found(world, "data old") == []


async def test_who_answers_for_premises_is_read_by_both_sides(world: World):
    premises_id = await world.owner.send_premises()
    for reader in (world.owner, world.officer, world.client):
        view = await reader.read(f"/v1/premises/{premises_id}")
        assert view["body"]["contact"]["owner"]["name"] == "TEST DATA Owner"
