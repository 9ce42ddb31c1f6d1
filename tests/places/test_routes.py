"""Anybody may look a place up, by the code that held on a day."""

import pytest

from tests.makers import LOG
from tests.world import World


@pytest.mark.parametrize(
    ("code", "on", "found"),
    [
        ("180208", "2022-09-24", ["psh-c-ream"]),
        ("180208", "2025-01-01", []),
        ("180601", "2025-01-01", ["psh-c-boeng-ta-prum", "psh-c-ream"]),
    ],
)
async def test_a_code_means_every_place_that_a_list_gave_it_on_the_day(
    world: World, code: str, on: str, found: list[str]
):
    answer = await world.http.get("/v1/places", params={"code": code, "on": on})
    assert [place["place_id"] for place in answer.json()] == found


@pytest.mark.parametrize(
    ("code", "found"), [("1806", ["psh-d-kampong-soam"]), ("180208", []), ("18", [LOG])]
)
async def test_a_code_without_a_day_means_what_it_means_today(
    world: World, code: str, found: list[str]
):
    answer = await world.http.get("/v1/places", params={"code": code})
    assert [place["place_id"] for place in answer.json()] == found


async def test_a_day_that_no_calendar_has_is_refused(world: World):
    answer = await world.http.get("/v1/places", params={"code": "18", "on": "2022-02-30"})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/on")


async def test_every_place_is_listed_with_its_codes(world: World):
    places = (await world.http.get("/v1/places")).json()
    assert sum(place["level"] == "commune" for place in places) == len(
        world.register.places.communes
    )
    assert all(place["codes"] for place in places)
