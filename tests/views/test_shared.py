"""What many people share is marked: a telephone, an employer, a series of documents."""

from typing import Any
from uuid import UUID

import msgspec
import pytest

from tests.makers import LOG, SANGKAT_1, SANGKAT_4, make_document, make_identity, make_stay
from tests.world import Device, World


@pytest.fixture
async def homes(verified: Device) -> list[UUID]:
    """Two premises."""
    return [await verified.send_premises() for _ in range(2)]


@pytest.fixture
async def verified(world: World) -> Device:
    """The owner of the world, verified: no entry of his is marked for that."""
    await world.verify(world.owner)
    return world.owner


async def _send_five(owner: Device, homes: list[UUID], employer: str) -> UUID:
    """Declare five people of one employer, at these premises by turns; return the first."""
    stays = [
        await _send_shared(
            owner, homes[number % len(homes)], f"{employer}{number}77", work={"employer": employer}
        )
        for number in range(5)
    ]
    return stays[0]


async def _send_shared(
    owner: Device, home: UUID, paper: str, phone: str = "", place: str = SANGKAT_4, **body: Any
) -> UUID:
    disclosed = {
        "identity": make_identity(),
        "document": make_document(paper),
        "contact": {"phone": phone},
    }
    stay = make_stay(home, **body)
    return await owner.send("stay", stay, place=place, disclosed=disclosed, after=[home])


async def _shared_marks(reader: Device, stay_id: UUID) -> dict[str, Any]:
    """Return how many each mark says there are."""
    marks = (await reader.read(f"/v1/stays/{stay_id}")).get("marks", ())
    return {
        mark["code"]: mark["params"]["count"] for mark in marks if mark["code"].startswith("many_")
    }


async def test_many_with_one_phone_are_marked_however_it_is_written(
    world: World, verified: Device, homes: list[UUID]
):
    phones = ["012 000 077", "+85512000077", "012-000-077", "០១២០០០០៧៧", "00855 12 000 077"]
    stays = [
        await _send_shared(verified, homes[number % 2], f"T{number}EST{number}77", phone)
        for number, phone in enumerate(phones)
    ]
    assert await _shared_marks(world.officer, stays[0]) == {"many_one_phone": 5}
    assert await _shared_marks(verified, stays[0]) == {}
    assert await _shared_marks(world.client, stays[0]) == {}
    other = await _send_shared(verified, homes[0], "T9EST977", "012 000 078")
    assert await _shared_marks(world.officer, other) == {}


async def test_who_left_was_withdrawn_or_has_another_phone_now_is_not_counted(
    world: World, verified: Device, homes: list[UUID]
):
    stays = [
        await _send_shared(verified, homes[number % 2], f"T{number}EST{number}77", "012000077")
        for number in range(7)
    ]
    assert await _shared_marks(world.officer, stays[0]) == {"many_one_phone": 7}
    left = {"left_on": "2026-03-01", "reason": "unknown"}
    await verified.send("departure", left, revises=(stays[6], stays[6]), after=[stays[6]])
    gone = {"reason": "entered_twice"}
    await verified.send("withdrawal", gone, revises=(stays[5], stays[5]), after=[stays[5]])
    assert await _shared_marks(world.officer, stays[0]) == {"many_one_phone": 5}
    assert await _shared_marks(world.officer, stays[6]) == {}
    await verified.send("stay", {"unit": "14"}, revises=(stays[4], stays[4]), after=[stays[4]])
    assert await _shared_marks(world.officer, stays[4]) == {"many_one_phone": 5}
    contact = {"contact": {"phone": "012000078"}}
    await verified.send("stay", {}, revises=(stays[3], stays[3]), disclosed=contact)
    assert await _shared_marks(world.officer, stays[0]) == {}


async def test_one_employer_is_marked_however_he_is_written(
    world: World, verified: Device, homes: list[UUID]
):
    spread = await _send_five(verified, homes, "TEST Casino")
    assert await _shared_marks(world.officer, spread) == {"many_one_employer": 5}
    again = await _send_shared(verified, homes[0], "T9EST977", work={"employer": "test  CASINO "})
    assert await _shared_marks(world.officer, again) == {"many_one_employer": 6}
    nobody = await _send_five(verified, homes, "Unknown")
    assert await _shared_marks(world.officer, nobody) == {}


async def test_what_the_people_of_one_house_share_is_not_marked(world: World, verified: Device):
    home = await verified.send_premises()
    stays = [
        await _send_shared(
            verified, home, f"TEST000{number}", "012000077", work={"employer": "TEST House"}
        )
        for number in range(6)
    ]
    assert await _shared_marks(world.officer, stays[0]) == {}


@pytest.mark.parametrize(
    ("numbers", "marks"),
    [
        (["N1234501", "N1234502", "N1234513", "n12345-14", "N1234599"], {"many_one_series": 5}),
        (["N1234501", "N1234502", "N1234513", "N1234514", "N1234699"], {}),
        (["N101", "N102", "N113", "N114", "N199"], {}),
    ],
)
async def test_documents_issued_one_after_the_other_are_marked(
    world: World, verified: Device, homes: list[UUID], numbers: list[str], marks: dict[str, int]
):
    stays = [
        await _send_shared(verified, homes[at % 2], number) for at, number in enumerate(numbers)
    ]
    assert await _shared_marks(world.officer, stays[0]) == marks


async def test_what_is_shared_is_counted_among_what_the_reader_may_see(
    world: World, verified: Device
):
    here = await verified.send_premises()
    there = await verified.send_premises(place=SANGKAT_1)
    baits = [await _send_shared(verified, here, f"T{n}EST{n}77", "012000077") for n in range(2)]
    for n in range(2, 6):
        await _send_shared(verified, there, f"T{n}EST{n}77", "012000077", place=SANGKAT_1)
    assert await _shared_marks(world.officer, baits[0]) == {}
    province = await world.new_officer(LOG, role="province")
    assert await _shared_marks(province, baits[0]) == {"many_one_phone": 6}


async def test_a_phone_that_arrives_after_its_stay_is_counted_then(
    world: World, verified: Device, homes: list[UUID]
):
    home = homes[0]
    for number in range(4):
        await _send_shared(verified, homes[number % 2], f"T{number}EST{number}77", "012000077")
    disclosed = {"identity": make_identity(), "contact": {"phone": "012000077"}}
    item = verified.compose("stay", make_stay(home), disclosed=disclosed, after=[home])
    (stored,) = await verified.push(msgspec.structs.replace(item, disclosures=None))
    assert await _shared_marks(world.officer, UUID(stored["id"])) == {}
    await verified.push(item)
    assert await _shared_marks(world.officer, UUID(stored["id"])) == {"many_one_phone": 5}
