"""What a body must say: refusals name the place and the rule, and unknown is an answer."""

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from sync.document import uuid7
from tests import makers
from tests.makers import DISTRICT, LOG, SANGKAT_1
from tests.world import World, open_world


async def _problem(world: World, kind: str, body: dict[str, Any], **rest: Any) -> dict[str, Any]:
    (result,) = await world.owner.push(world.owner.compose(kind, body, **rest))
    assert result["custody"] == "rejected", result
    return result["problem"]


def _errors(problem: dict[str, Any]) -> list[tuple[str, str]]:
    return [(error["pointer"], error["code"]) for error in problem["errors"]]


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"kind": "castle"}, "/body/kind", "field.value"),
        ({"rooms_count": -1}, "/body/rooms_count", "field.too-small"),
        ({"rooms_count": "many"}, "/body/rooms_count", "field.value"),
        ({"village": "x" * 201}, "/body/village", "field.too-long"),
        ({"village": "a\u202eb"}, "/body/village", "field.text"),
        ({"village": "a\u0000b"}, "/body/village", "field.text"),
        ({"village": "e\u0301"}, "/body/village", "field.text"),
        ({"pin": {"lat": 91, "lon": 0, "accuracy_m": 1}}, "/body/pin/lat", "field.too-large"),
        ({"names": {"km": 7}}, "/body/names/km", "field.type"),
        (
            {"licences": [makers.make_licence(expires_on="2026-02-30")]},
            "/body/licences/0/expires_on",
            "field.date",
        ),
    ],
)
async def test_a_wrong_field_is_named(world: World, change: dict, pointer: str, code: str):
    problem = await _problem(world, "premises", makers.make_premises(**change))
    assert problem["code"] == "schema"
    assert _errors(problem) == [(pointer, code)]


@pytest.mark.parametrize("day", ["starts_on", "ends_on"])
async def test_a_contract_begins_and_ends_on_days(world: World, day: str):
    premises_id = await world.owner.send_premises()
    work = {"employer": "TEST DATA", "contract": {"written": "yes", day: "banana"}}
    problem = await _problem(
        world,
        "stay",
        makers.make_stay(premises_id, role="works", work=work),
        disclosed={"identity": makers.make_identity(), "document": makers.make_document()},
        after=[premises_id],
    )
    assert _errors(problem) == [(f"/body/work/contract/{day}", "field.date")]


async def test_a_missing_field_is_named(world: World):
    problem = await _problem(world, "premises", {"kind": "hotel"})
    assert _errors(problem) == [("/body/capacity", "field.required")]


async def test_a_field_this_version_does_not_know_is_kept_and_ignored(world: World):
    premises_id = await world.owner.send_premises(solar_panels=3)
    assert isinstance(premises_id, UUID)


async def test_everything_about_a_person_may_be_unknown(world: World):
    premises_id = await world.owner.send_premises()
    stay_id = await world.owner.send_stay(
        premises_id,
        identity={"primary": "", "secondary": "", "born_on": "unknown"},
        nationality="XXX",
        sex="unknown",
        role="unknown",
        arrived_on="unknown",
        document_holder="unknown",
        document_missing="not_shown",
        visa={"class": "unknown"},
    )
    assert isinstance(stay_id, UUID)


@pytest.mark.parametrize(
    "change",
    [
        {"visa": {"class": "E", "expires_on": "2020-01-01"}},
        {"visa": {"class": "none"}},
        {"document_holder": "employer"},
        {"arrived_on": "2019-05-05"},
        {"work": "unknown", "role": "works"},
    ],
    ids=["expired visa", "no visa", "passport held", "late", "work unknown"],
)
async def test_honest_bad_news_is_recorded_and_never_refused(world: World, change: dict):
    premises_id = await world.owner.send_premises()
    assert await world.owner.send_stay(premises_id, **change)


@pytest.mark.parametrize(
    ("identity", "pointer"),
    [
        ({"born_on": "1990-13"}, "/disclosures/identity/born_on"),
        ({"born_on": 1990}, "/disclosures/identity/born_on"),
        ({"primary": "A\u0007"}, "/disclosures/identity/primary"),
    ],
)
async def test_a_wrong_personal_value_is_named_too(world: World, identity: dict, pointer: str):
    premises_id = await world.owner.send_premises()
    problem = await _problem(
        world,
        "stay",
        makers.make_stay(premises_id),
        disclosed={"identity": makers.make_identity(**identity)},
        after=[premises_id],
    )
    assert [error["pointer"] for error in problem["errors"]] == [pointer]


async def test_a_correction_changes_only_what_it_names(world: World):
    premises_id = await world.owner.send_premises()
    stay_id = await world.owner.send_stay(premises_id)
    await world.owner.send("stay", {"unit": "13"}, revises=(stay_id, stay_id), after=[stay_id])
    async with world.register.engine.reading() as tx:
        row = await tx.one("SELECT unit, nationality, document_key FROM stays")
    assert row == ("13", "VNM", "UTO:L898902C3")


async def test_a_correction_that_would_leave_the_entry_incomplete_is_refused(world: World):
    premises_id = await world.owner.send_premises()
    stay_id = await world.owner.send_stay(premises_id)
    problem = await _problem(
        world, "stay", {"nationality": None}, revises=(stay_id, stay_id), after=[stay_id]
    )
    assert _errors(problem) == [("/body/nationality", "field.required")]


async def test_a_stay_does_not_move_to_other_premises_by_correction(world: World):
    first, second = await world.owner.send_premises(), await world.owner.send_premises()
    stay_id = await world.owner.send_stay(first)
    problem = await _problem(
        world,
        "stay",
        {"premises_id": str(second)},
        revises=(stay_id, stay_id),
        after=[stay_id, second],
    )
    assert _errors(problem) == [("/body/premises_id", "field.value")]


async def test_a_base_of_another_entity_is_refused(world: World):
    first, second = await world.owner.send_premises(), await world.owner.send_premises()
    problem = await _problem(
        world, "premises", {"kind": "hotel"}, revises=(first, second), after=[second]
    )
    assert _errors(problem) == [("/base", "field.value")]


async def test_a_stay_that_refers_to_another_kind_is_refused(world: World):
    premises_id = await world.owner.send_premises()
    stay_id = await world.owner.send_stay(premises_id)
    problem = await _problem(
        world,
        "stay",
        makers.make_stay(stay_id),
        disclosed={"identity": makers.make_identity()},
        after=[stay_id],
    )
    assert _errors(problem) == [("/body/premises_id", "field.value")]


@pytest.mark.parametrize("place", ["psh-c-atlantis", "180104", DISTRICT, LOG])
async def test_a_place_is_a_commune_named_by_its_stable_id(world: World, place: str):
    problem = await _problem(world, "premises", makers.make_premises(), place=place)
    assert _errors(problem) == [("/place", "field.value")]


async def test_a_return_needs_a_reason_and_other_needs_a_word(world: World):
    premises_id = await world.owner.send_premises()
    for reasons in ([], ["other"]):
        item = world.officer.compose(
            "review",
            {"verdict": "return", "reasons": reasons},
            revises=(premises_id, premises_id),
            after=[premises_id],
        )
        (result,) = await world.officer.push(item)
        assert result["problem"]["errors"][0]["code"] == "field.required"


async def _order(world: World) -> UUID:
    async with world.register.engine.reading() as tx:
        row = await tx.one("SELECT entity FROM entities WHERE kind = 'order' LIMIT 1")
    assert row is not None
    return UUID(bytes=row[0])


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"text_hash": "A" * 43}, "pledge.text-unknown"),
        ({"version": "of-my-own"}, "pledge.text-unknown"),
        ({"language": "th"}, "pledge.text-unknown"),
        ({"clauses": [1]}, "pledge.clauses-missing"),
    ],
)
async def test_only_a_text_of_the_register_is_signed_and_whole(
    world: World, change: dict, code: str
):
    order_id, premises_id = await _order(world), await world.owner.send_premises()
    problem = await _problem(
        world,
        "pledge",
        makers.make_pledge(premises_id, order_id, **change),
        disclosed={"identity": makers.make_signer()},
        after=[premises_id, order_id],
    )
    assert problem["code"] == code


async def test_a_draft_is_signed_in_a_demonstration_only(tmp_path: Path):
    async with open_world(tmp_path, is_demo=False) as world:
        world.register.committer.gate.open()
        order_id, premises_id = await _order(world), await world.owner.send_premises()
        problem = await _problem(
            world,
            "pledge",
            makers.make_pledge(premises_id, order_id),
            disclosed={"identity": makers.make_signer()},
            after=[premises_id, order_id],
        )
    assert problem["code"] == "pledge.not-approved"


async def test_a_newer_pledge_supersedes_the_older_of_the_same_signer(world: World):
    order_id = await _order(world)
    premises_id = await world.owner.send_premises()
    signed = [
        await world.owner.send(
            "pledge",
            makers.make_pledge(premises_id, order_id),
            disclosed={"identity": makers.make_signer()},
            after=[premises_id, order_id],
        )
        for _ in range(2)
    ]
    async with world.register.engine.reading() as tx:
        rows = await tx.all("SELECT entity, effect FROM entities WHERE kind = 'pledge'")
    assert {UUID(bytes=row[0]): row[1] for row in rows} == {
        signed[0]: "superseded",
        signed[1]: "pending",
    }


async def test_a_reference_that_is_not_in_after_is_waited_for_all_the_same(world: World):
    missing = uuid7()
    item = world.owner.compose(
        "stay", makers.make_stay(missing), disclosed={"identity": makers.make_identity()}
    )
    (result,) = await world.owner.push(item)
    assert (result["custody"], result["missing"]) == ("held", [str(missing)])


async def test_a_commune_is_not_changed_by_correction(world: World):
    premises_id = await world.owner.send_premises()
    item = world.owner.compose(
        "premises",
        {"kind": "hotel"},
        revises=(premises_id, premises_id),
        after=[premises_id],
        place=SANGKAT_1,
    )
    (result,) = await world.owner.push(item)
    assert result["problem"]["code"] == "wrong-commune"


async def test_a_withdrawal_has_a_coded_reason(world: World):
    stay_id = await world.owner.send_stay(await world.owner.send_premises())
    revises: Any = (stay_id, stay_id)
    problem = await _problem(world, "withdrawal", {"reason": "whatever"}, revises=revises)
    assert _errors(problem) == [("/body/reason", "field.value")]
