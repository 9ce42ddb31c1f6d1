"""An officer finds the owner before him by the code on the phone, and nobody else's owners."""

from typing import Any

from tests.makers import LOG, SANGKAT_1, SANGKAT_4
from tests.world import Device, World


async def names(device: Device, **parameters: Any) -> list[str | None]:
    return [account["name"] for account in await device.read("/v1/accounts", **parameters)]


async def test_an_owner_without_premises_here_is_not_found(world: World):
    assert await names(world.officer) == []
    await world.owner.send_premises(place=SANGKAT_1)
    assert await names(world.officer) == []
    assert await names(world.officer, code=world.owner.verification_code) == []


async def test_only_officers_ask(world: World):
    for device in (world.owner, world.client, await world.new_officer(LOG, role="analyst")):
        assert (await device.get("/v1/accounts")).status_code == 403


async def test_the_code_on_the_phone_finds_its_owner(world: World):
    other = await world.new_owner(name="TEST DATA Other")
    for owner in (world.owner, other):
        await owner.send_premises()
    code = other.verification_code
    for typed in (code, code.lower(), f"{code[:3]}-{code[3:]} "):
        (found,) = await world.officer.read("/v1/accounts", code=typed)
        assert (found["account_id"], found["name"]) == (str(other.account_id), "TEST DATA Other")
        assert found["premises_count"] == 1
    assert await names(world.officer) == ["TEST DATA Owner", "TEST DATA Other"]


async def test_who_was_verified_waits_no_longer(world: World):
    await world.owner.send_premises()
    await world.verify(world.owner)
    assert await names(world.officer, code=world.owner.verification_code) == []


async def test_whose_premises_were_withdrawn_is_not_found(world: World):
    premises_id = await world.owner.send_premises()
    await world.owner.send(
        "withdrawal",
        {"reason": "entered_by_mistake"},
        revises=(premises_id, premises_id),
        after=[premises_id],
    )
    assert await names(world.officer) == []


async def test_the_province_sees_all_and_an_auditor_no_names(world: World):
    await world.owner.send_premises()
    province = await world.new_officer(LOG, role="province")
    assert await names(province) == ["TEST DATA Owner"]
    assert await names(await world.new_officer(LOG, role="auditor")) == [None]
    assert await names(await world.new_officer(role="officer")) == []
    assert await names(await world.new_officer(SANGKAT_4, SANGKAT_1)) == ["TEST DATA Owner"]
