"""What nobody reads back, and what is not for everybody: over every way of reading."""

from typing import Any
from uuid import UUID

import pytest

from tests import makers
from tests.access.people import find_order
from tests.makers import DISTRICT, LOG, make_document
from tests.world import Device, World

PAPER = "UNHCR-TEST-771"
# With what stands before it, for ids and receipts may hold any three signs by chance.
ENDING = f"•{PAPER[-3:]}"
OWNERS_PAPER = "KH010203040506"
WIDE = "\uff38\uff38\uff23"
PURPOSE = {"Purpose": "registration"}


async def read_everywhere(world: World, reader: Device, kind: str, entity: UUID) -> str:
    """Return what a reader is answered of an entity: alone, in lists, by pull, in the feed."""
    path = {"premises": "/v1/premises", "stay": "/v1/stays", "pledge": "/v1/pledges"}[kind]
    answers = [await reader.get(f"{path}/{entity}"), await reader.get(path)]
    answers.append(await reader.post("/v1/sync/pull", {"limit": 500}))
    headers = {**reader.headers, **PURPOSE}
    answers.append(await world.http.get("/v1/feed?view=full&limit=500", headers=headers))
    return "\n".join(answer.text for answer in answers if answer.is_success)


async def declare(world: World, nationality: str, **paper: Any) -> UUID:
    document = make_document(PAPER, **paper)
    premises_id = await world.owner.send_premises()
    return await world.owner.send_stay(premises_id, document=document, nationality=nationality)


@pytest.mark.parametrize(
    ("nationality", "paper"),
    [
        ("XXA", {"issuer": "XXA"}),
        ("MMR", {"issuer": "XXB"}),
        ("MMR", {"issuer": "xxb "}),
        ("MMR", {"issuer": WIDE}),
        ("MMR", {"kind": "refugee_document"}),
        ("unknown", {"issuer": "XXC"}),
        ("XXB", {"issuer": "MMR"}),
        ("MMR", {"kind": "un_refugee_card"}),
        ("MMR", {"kind": "1954_Convention"}),
        ("MMR", {"kind": "id_of_stateless"}),
        ("MMR", {"kind": "other", "issuer": "Unhcr Phnom Penh"}),
        ("MMR", {"kind": "asylum\u00adseeker", "issuer": "UN"}),
        ("MMR", {"kind": "other", "issuer": "UNO"}),
    ],
)
async def test_a_program_is_not_told_who_is_a_refugee(
    world: World, nationality: str, paper: dict[str, Any]
):
    stay_id = await declare(world, nationality, **paper)
    said = await read_everywhere(world, world.client, "stay", stay_id)
    assert str(stay_id) in said
    for told in (
        ENDING,
        '"XXA"',
        '"XXB"',
        '"XXC"',
        WIDE,
        '"xxb',
        '"MMR"',
        *(f'"{one}"' for one in paper.values()),
    ):
        assert told not in said, told
    assert ENDING in await read_everywhere(world, world.officer, "stay", stay_id)


@pytest.mark.parametrize("nationality", ["XXX", "MMR", "unknown"])
@pytest.mark.parametrize("reason", ["refugee", "claims_Asylum", "is_stateless", "with_unhcr"])
async def test_a_program_is_not_told_why_a_refugee_has_no_paper(
    world: World, nationality: str, reason: str
):
    premises_id = await world.owner.send_premises()
    body = makers.make_stay(premises_id, nationality=nationality, document_missing=reason)
    personal = {"identity": makers.make_identity()}
    stay_id = await world.owner.send("stay", body, disclosed=personal, after=[premises_id])
    said = await read_everywhere(world, world.client, "stay", stay_id)
    assert str(stay_id) in said
    for told in (reason, "document_missing", '"MMR"'):
        assert told not in said, told
    assert reason in await read_everywhere(world, world.officer, "stay", stay_id)


@pytest.mark.parametrize("kind", ["passport", "travel_document"])
async def test_a_program_reads_of_people_of_the_united_nations(world: World, kind: str):
    stay_id = await declare(world, "MMR", kind=kind, issuer="UNO")
    assert ENDING in await read_everywhere(world, world.client, "stay", stay_id)


async def test_what_a_later_revision_says_of_a_refugee_closes_the_earlier_ones(world: World):
    stay_id = await declare(world, "MMR")
    change = {"revises": (stay_id, stay_id), "after": [stay_id]}
    await world.owner.send("stay", {"nationality": "XXA"}, **change)
    said = await read_everywhere(world, world.client, "stay", stay_id)
    assert '"XXA"' not in said
    assert '"MMR"' not in said
    assert ENDING not in said


async def test_what_an_open_branch_says_of_a_refugee_closes_the_rest(world: World):
    stay_id = await declare(world, "MMR")
    change = {"revises": (stay_id, stay_id), "after": [stay_id]}
    await world.owner.send("stay", {"unit": "1"}, **change)
    paper = {"document": make_document(PAPER, issuer="XXB")}
    await world.owner.send("stay", {}, disclosed=paper, **change)
    said = await read_everywhere(world, world.client, "stay", stay_id)
    assert '"branches"' in said
    assert '"XXB"' not in said
    assert '"MMR"' not in said


async def test_a_program_reads_nationality_and_masked_document_of_others(world: World):
    stay_id = await declare(world, "MMR", issuer="MMR")
    view = await world.client.read(f"/v1/stays/{stay_id}")
    assert view["body"]["nationality"] == "MMR"
    assert view["body"]["document"]["number"].endswith(ENDING)


async def sign(world: World) -> UUID:
    premises_id = await world.owner.send_premises()
    body = makers.make_pledge(premises_id, await find_order(world.owner))
    disclosed = {
        "identity": makers.make_signer(signer="TEST DATA SIGNER", witness="TEST DATA WITNESS"),
        "signature": {"strokes": [[[0.111, 0.222], [0.333, 0.444]]]},
    }
    return await world.owner.send("pledge", body, disclosed=disclosed)


async def test_who_signed_and_how_is_for_the_own_side_commune_and_province(world: World):
    pledge_id = await sign(world)
    province = await world.new_officer(LOG, role="province")
    for reader in (world.owner, world.officer, province):
        said = await read_everywhere(world, reader, "pledge", pledge_id)
        assert "TEST DATA SIGNER" in said
        assert "0.333" in said
    district = await world.new_officer(DISTRICT, role="district")
    for reader in (world.client, district):
        said = await read_everywhere(world, reader, "pledge", pledge_id)
        assert str(pledge_id) in said
        for told in ("SIGNER", "WITNESS", "0.333", "strokes"):
            assert told not in said, told


async def test_the_papers_of_owners_are_masked_for_everybody(world: World):
    body = makers.make_premises()
    contact = {
        party: {"name": f"TEST DATA {party}", "phone": "+85512000001", "document": OWNERS_PAPER}
        for party in ("owner", "operator", "manager")
    }
    premises_id = await world.owner.send("premises", body, disclosed={"contact": contact})
    district = await world.new_officer(DISTRICT, role="district")
    province = await world.new_officer(LOG, role="province")
    for reader in (world.owner, world.officer, district, province, world.client):
        said = await read_everywhere(world, reader, "premises", premises_id)
        assert "TEST DATA manager" in said
        assert "•••••506" in said
        assert OWNERS_PAPER not in said


async def test_a_number_under_a_name_that_nobody_knows_is_shown_to_nobody(world: World):
    contact = {"owner": {"name": "TEST DATA", "passport_no": PAPER}, "no": PAPER}
    premises_id = await world.owner.send(
        "premises", makers.make_premises(), disclosed={"contact": contact}
    )
    paper = {**make_document(PAPER), "passport_no": PAPER, "Number": PAPER}
    stay_id = await world.owner.send_stay(premises_id, document=paper)
    for reader in (world.officer, world.client, world.owner):
        assert PAPER not in await read_everywhere(world, reader, "premises", premises_id)
        assert PAPER not in await read_everywhere(world, reader, "stay", stay_id)
