"""What an attacker tried: foreign bases, fields that steer, references to oneself, false papers."""

from pathlib import Path
from typing import Any

from msgspec.structs import replace

from sync.document import read_document, uuid7
from tests import makers
from tests.world import World, open_world


async def _problem(world: World, kind: str, body: dict[str, Any], **rest: Any) -> dict[str, Any]:
    (result,) = await world.owner.push(world.owner.compose(kind, body, **rest))
    assert result["custody"] == "rejected", result
    return result["problem"]


def _errors(problem: dict[str, Any]) -> list[tuple[str, str]]:
    return [(error["pointer"], error["code"]) for error in problem["errors"]]


async def test_a_base_of_another_entity_is_refused_whoever_else_is_in_the_batch(world: World):
    premises_id = await world.owner.send_premises()
    first, second = (
        await world.owner.send_stay(premises_id, unit="1"),
        await world.owner.send_stay(premises_id, unit="2"),
    )
    companion = world.owner.compose("stay", {"unit": "9"}, revises=(second, second), after=[second])
    forged = world.owner.compose("stay", {"unit": "77"}, revises=(first, second), after=[second])
    stored, refused = await world.owner.push(companion, forged)
    assert (stored["custody"], refused["custody"]) == ("stored", "rejected")
    assert await world.owner.read(f"/v1/stays/{first}")


async def test_an_unknown_field_steers_nothing(world: World):
    assert await world.owner.send_premises(premises_id="garbage")


async def test_what_refers_to_itself_is_refused(world: World):
    document_id = uuid7()
    problem = await _problem(
        world,
        "premises",
        makers.make_premises(),
        id=document_id,
        entity=document_id,
        after=[document_id],
    )
    assert _errors(problem) == [("/after", "field.value")]


async def test_a_document_whose_disclosure_was_changed_is_answered_by_its_id(world: World):
    item = world.owner.compose(
        "premises", makers.make_premises(), disclosed={"contact": {"owner": {"name": "TEST"}}}
    )
    text = (item.disclosures or {})["contact"].replace("TEST", "FORGED")
    (result,) = await world.owner.push(replace(item, disclosures={"contact": text}))
    assert result["problem"]["code"] == "malformed"
    assert result["id"] == str(read_document(item).id)


async def test_the_specimen_passport_is_taken_in_a_demonstration_only(world: World, tmp_path: Path):
    premises_id = await world.owner.send_premises()
    assert await world.owner.send_stay(premises_id, nationality="UTO")
    async with open_world(tmp_path / "real", is_demo=False) as real:
        real.register.committer.gate.open()
        home = await real.owner.send_premises()
        problem = await _problem(
            real,
            "stay",
            makers.make_stay(home, nationality="UTO"),
            disclosed={"identity": makers.make_identity()},
            after=[home],
        )
    assert _errors(problem) == [("/body/nationality", "field.value")]
