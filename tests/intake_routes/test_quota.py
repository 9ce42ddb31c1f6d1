"""What one account can put down a day is bounded, and honest work stays far below."""

from api.ledger.meter import MIB, UNVERIFIED_BYTES_A_DAY
from sync.document import uuid7
from sync.messages import Item
from tests import makers
from tests.makers import Fields
from tests.world import Device, World, expect

LONG = 60_000
PEOPLE = 500


def compose_long(device: Device) -> Item:
    """A stay of premises that never come, with a field that nobody knows."""
    body = makers.make_stay(uuid7(), junk="A" * LONG)
    disclosed = {"identity": makers.make_identity(), "document": makers.make_document()}
    return device.compose("stay", body, disclosed=disclosed)


async def push_long(device: Device, count: int) -> list[Fields]:
    """Send long stays, fifteen at a time."""
    results: list[Fields] = []
    for _ in range(count // 15):
        items = [compose_long(device) for _ in range(15)]
        results += await device.push(*items)
    return results


def counts(results: list[Fields]) -> Fields:
    said = [one["custody"] for one in results]
    return {custody: said.count(custody) for custody in set(said)}


async def test_an_unverified_phone_fills_no_disk(world: World):
    results = await push_long(world.owner, 90)
    assert counts(results)["held"] * LONG <= UNVERIFIED_BYTES_A_DAY
    assert (results[-1]["custody"], results[-1]["problem"]["code"]) == ("later", "quota")
    assert results[-1]["retry_after"] > 0
    world.clock.move(days=1)
    await world.owner.sign_in()
    assert counts(await push_long(world.owner, 15)) == {"held": 15}


async def test_who_was_verified_may_send_more(world: World):
    await world.verify(world.owner)
    assert counts(await push_long(world.owner, 90)) == {"held": 90}


async def test_what_is_sent_again_counts_once(world: World):
    item = compose_long(world.owner)
    for _ in range(2 * UNVERIFIED_BYTES_A_DAY // LONG):
        (result,) = await world.owner.push(item)
        assert result["custody"] == "held"


async def test_disclosures_are_bounded(world: World):
    premises_id = await world.owner.send_premises()
    for more in ({"junk": "J" * 40_000}, {f"x{n}": "" for n in range(40)}):
        item = world.owner.compose(
            "stay",
            makers.make_stay(premises_id),
            disclosed={"identity": {**makers.make_identity(), **more}},
        )
        (result,) = await world.owner.push(item)
        (error,) = result["problem"]["errors"]
        assert error == {"pointer": "/disclosures/identity", "code": "field.too-long"}


async def test_five_hundred_people_fit_into_an_evening(world: World):
    premises_id = await world.owner.send_premises()
    results: list[Fields] = []
    for first in range(0, PEOPLE, 50):
        stays = [
            world.owner.compose(
                "stay",
                makers.make_stay(premises_id, unit=str(number)),
                after=[premises_id],
                disclosed={
                    "identity": makers.make_identity(),
                    "document": makers.make_document(f"T{number:06}"),
                    "remarks": {"text": "TEST DATA " * 30},
                },
            )
            for number in range(first, first + 50)
        ]
        results += await world.owner.push(*stays)
    assert counts(results) == {"stored": PEOPLE}


async def test_the_limits_are_told(world: World):
    limits = expect(await world.http.get("/v1/sync/info"))["limits"]
    assert limits["unverified_bytes_a_day"] == UNVERIFIED_BYTES_A_DAY
    assert limits["bytes_a_day"] == 64 * MIB
