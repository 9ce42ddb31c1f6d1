"""What nobody here knows stays in its bytes: no reader is shown it, in no way of reading."""

from typing import Any
from uuid import UUID

import msgspec
import pytest

from tests import makers
from tests.gateway.asking import ask
from tests.gateway.asking import make_stay as make_plain_stay
from tests.makers import DISTRICT, LOG, Fields
from tests.views.test_masking import read_everywhere
from tests.world import Device, World

NUMBER = "TESTNO77665544"
WORK: Fields = {
    "employer": "TEST DATA Factory",
    "contract": {"written": "yes", "no": NUMBER},
    "permit": {"state": "valid", "year": 2026, "number": NUMBER},
}
STRANGE: Fields = {
    "visa": {"class": "EB", "number": NUMBER},
    "work": WORK,
    "passport_no": NUMBER,
    "documents": [{"number": NUMBER}],
    "signature": {"number": NUMBER},
}
PERSONAL: dict[str, Fields] = {
    "identity": makers.make_identity(passport_number=NUMBER),
    "document": makers.make_document(passport={"no": NUMBER}),
    "contact": {"phone": "+85512000001", "no": NUMBER},
    "remarks": {"text": "TEST DATA remark", "number": NUMBER},
}


async def list_readers(world: World) -> list[Device]:
    district = await world.new_officer(DISTRICT, role="district")
    province = await world.new_officer(LOG, role="province")
    return [world.owner, world.officer, world.client, district, province]


async def declare(world: World, **body: Any) -> UUID:
    premises_id = await world.owner.send_premises()
    stay = makers.make_stay(premises_id, **body)
    return await world.owner.send("stay", stay, disclosed=PERSONAL, after=[premises_id])


async def expect_shown_to_nobody(world: World, kind: str, entity: UUID, *known: str) -> None:
    for reader in await list_readers(world):
        said = await read_everywhere(world, reader, kind, entity)
        assert NUMBER not in said
        for one in known:
            assert one in said, one


async def test_fields_of_a_stay_that_nobody_knows_are_shown_to_nobody(world: World):
    stay_id = await declare(world, **STRANGE)
    known = ("TEST DATA Factory", '"written"', '"year"', "TEST DATA remark", "ERIKSSON")
    await expect_shown_to_nobody(world, "stay", stay_id, *known)


async def test_a_correction_and_a_branch_show_nothing_more(world: World):
    stay_id = await declare(world)
    change = {"revises": (stay_id, stay_id), "after": [stay_id]}
    for unit in ("1", "2"):
        body = {"unit": unit, **STRANGE}
        await world.owner.send("stay", body, disclosed=PERSONAL, **change)
    await expect_shown_to_nobody(world, "stay", stay_id, '"branches"')


async def test_a_departure_and_a_review_show_nothing_more(world: World):
    stay_id = await declare(world)
    await world.officer.send(
        "review",
        {"verdict": "return", "reasons": ["other"], "no": NUMBER},
        disclosed={"remarks": {"text": "TEST DATA remark", "no": NUMBER}},
        revises=(stay_id, stay_id),
    )
    leaving = {"left_on": "2026-03-01", "reason": "left_country", "passport": {"no": NUMBER}}
    await world.owner.send("departure", leaving, revises=(stay_id, stay_id))
    await expect_shown_to_nobody(world, "stay", stay_id, "left_country")


async def test_premises_show_of_their_parts_what_is_known(world: World):
    body = makers.make_premises(licences=[{**makers.make_licence(), "holder_passport": NUMBER}])
    body |= {"pin": {"lat": 10.6, "lon": 103.5, "accuracy_m": 5, "by": NUMBER}}
    contact = {"owner": {"name": "TEST DATA Owner", "passport_no": NUMBER}, "no": NUMBER}
    premises_id = await world.owner.send("premises", body, disclosed={"contact": contact})
    known = ('"TEST 1"', '"accuracy_m"', "TEST DATA Owner")
    await expect_shown_to_nobody(world, "premises", premises_id, *known)


async def test_what_a_program_writes_and_nobody_knows_is_kept_and_not_shown(world: World):
    premises_id = await world.owner.send_premises()
    identity = makers.make_identity(passport_number=NUMBER)
    stay = make_plain_stay(premises_id, passport_no=NUMBER, identity=identity)
    answer = await ask(world, "POST /v1/stays", stay)
    assert answer.status_code == 201
    assert NUMBER not in answer.text
    stay_id = UUID(answer.json()["view"]["id"])
    await expect_shown_to_nobody(world, "stay", stay_id, '"attested_by"')
    async with world.register.engine.reading() as tx:
        ((data,),) = await tx.all("SELECT bytes FROM payloads WHERE id = :id", id=stay_id.bytes)
    assert msgspec.json.decode(data)["body"]["passport_no"] == NUMBER


@pytest.mark.parametrize("astray", [NUMBER, [{"number": NUMBER}], {"number": NUMBER}])
async def test_nothing_is_shown_as_who_attests_but_who_attests(world: World, astray: Any):
    premises_id = await world.owner.send_premises()
    said = {"attested_by": astray, "on_behalf_of": astray}
    stay_id = await world.owner.send_stay(premises_id, **said)
    await expect_shown_to_nobody(world, "stay", stay_id, '"arrived_on"')


@pytest.mark.parametrize("part", ["passport_no", "visa"])
async def test_quarantine_shows_what_is_known(world: World, part: str):
    premises_id = await world.owner.send_premises()
    body = makers.make_stay(premises_id, **{part: STRANGE[part]})
    personal = {"identity": makers.make_identity()}
    item = world.owner.compose("stay", body, disclosed=personal, after=[premises_id])
    revoked = f"/v1/devices/{world.owner.kid}?reason=stolen"
    await world.http.delete(revoked, headers=world.owner.headers)
    relay = await world.new_client(LOG, scopes=("relay",))
    assert [one["custody"] for one in await relay.push(item)] == ["held"]
    answer = await world.officer.get("/v1/quarantine")
    assert NUMBER not in answer.text
    assert answer.json()[0]["body"]["visa"]["class"] == "EB"
