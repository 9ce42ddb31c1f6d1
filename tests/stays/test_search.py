"""A person is found by name in any order and script, in the officer's places, for a purpose."""

from typing import Any
from uuid import UUID

import pytest

from tests.makers import LOG, SANGKAT_1, make_document, make_identity
from tests.world import Device, World

NAMES = {
    "eriksson": make_identity(),
    "wang": make_identity(primary="WANG", secondary="XIAOMING", native="王小明"),
    "lu": make_identity(primary="LYU", secondary="WEI"),
    "dang": make_identity(primary="ĐẶNG", secondary="THỊ MAI"),
}


@pytest.fixture
async def people(world: World) -> dict[str, str]:
    """Ids by name of persons at one premises of Sangkat 4."""
    premises_id = await world.owner.send_premises()
    return {
        name: str(
            await world.owner.send_stay(
                premises_id, identity=identity, document=make_document(f"TEST{n:05}")
            )
        )
        for n, (name, identity) in enumerate(NAMES.items())
    }


async def search(device: Device, text: str, **rest: Any) -> list[str]:
    page = await device.read("/v1/stays", q=text, purpose="visit", **rest)
    assert page["next"] is None
    return [view["id"] for view in page["items"]]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Eriksson", "eriksson"),
        ("maria eriks", "eriksson"),
        ("ERIKSON", "eriksson"),
        ("wang xiao", "wang"),
        ("xiaoming wang", "wang"),
        ("xiao ming", "wang"),
        ("王小", "wang"),
        ("lu wei", "lu"),
        ("lv wei", "lu"),
        ("Dang Thi Mai", "dang"),
        ("đặng", "dang"),
        ("iriksson anna", "eriksson"),
        ("xang xiaoming", "wang"),
        ("wang qiaomign", "wang"),
        ("dhng thi mai", "dang"),
        ("thimai", "dang"),
    ],
)
async def test_a_name_is_found_however_it_is_written(
    world: World, people: dict[str, str], text: str, name: str
):
    assert (await search(world.officer, text))[:1] == [people[name]]


@pytest.mark.usefixtures("people")
async def test_what_nobody_is_called_finds_nobody(world: World):
    for text in ("ZZZZ", "eriksson wang", "-", "%", "", "' OR 1=1 --"):
        assert await search(world.officer, text) == []


async def test_the_name_most_alike_comes_first(world: World):
    premises_id = await world.owner.send_premises()
    ids = [
        str(
            await world.owner.send_stay(
                premises_id,
                identity=make_identity(primary=primary, secondary="TEST"),
                document=make_document(f"TEST{n:05}"),
            )
        )
        for n, primary in enumerate(("LINDGREN", "LIN", "LINDA"))
    ]
    assert (await search(world.officer, "lin test"))[0] == ids[1]
    assert await search(world.officer, "lin", limit=1) == [ids[1]]


async def test_a_search_reaches_no_further_than_the_places_of_the_officer(
    world: World, people: dict[str, str]
):
    assert await search(await world.new_officer(SANGKAT_1), "eriksson") == []
    assert await search(await world.new_officer(), "eriksson") == []
    province = await world.new_officer(LOG, role="province")
    assert await search(province, "eriksson") == [people["eriksson"]]


@pytest.mark.usefixtures("people")
async def test_only_the_police_search_and_only_for_a_purpose(world: World):
    for reader in (world.owner, world.client):
        assert (await reader.get("/v1/stays", q="eriksson", purpose="visit")).status_code == 403
    for parameters in ({"q": "eriksson"}, {"q": ""}):
        answer = await world.officer.get("/v1/stays", **parameters)
        assert (answer.status_code, answer.json()["code"]) == (400, "purpose.required")
    answer = await world.officer.get("/v1/stays", q="eriksson", purpose="curiosity")
    assert (answer.status_code, answer.json()["code"]) == (400, "request.malformed")


@pytest.mark.usefixtures("people")
async def test_a_search_is_put_down_with_its_purpose_and_not_with_the_name(world: World):
    await search(world.officer, "eriksson")
    async with world.register.engine.reading() as tx:
        rows = await tx.all("SELECT action, subject, reason FROM audit")
    assert rows == [("stays.search", None, "visit")]


async def test_a_withdrawn_stay_is_not_found(world: World, people: dict[str, str]):
    stay_id = UUID(people["wang"])
    await world.owner.send(
        "withdrawal", {"reason": "entered_twice"}, revises=(stay_id, stay_id), after=[stay_id]
    )
    assert await search(world.officer, "wang") == []


async def test_a_building_is_found_by_any_of_its_names(world: World):
    premises_id = await world.owner.send_premises(
        names={"latin": "Golden TEST 100%", "km": "ផ្ទះមាស"}, aliases=["Old Mill"]
    )
    for text in ("golden", "test 100%", "មាស", "old mill"):
        page = await world.officer.read("/v1/premises", q=text)
        assert [view["id"] for view in page["items"]] == [str(premises_id)]
    assert (await world.officer.read("/v1/premises", q="g_lden"))["items"] == []
    hotel = await world.owner.send_premises(names={"latin": "Đại Phát Hôtel"})
    for text in ("phat", "hotel", "dai phat", "Phát Đại", "daiphat"):
        page = await world.officer.read("/v1/premises", q=text)
        assert [view["id"] for view in page["items"]] == [str(hotel)]
    assert (await world.officer.read("/v1/premises", q="dai golden"))["items"] == []
    assert (await world.owner.get("/v1/premises", q="golden")).status_code == 403
