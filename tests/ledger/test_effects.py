"""What becomes of an entity: revisions, branches, verdicts and endings, over the protocol."""

from typing import Any
from uuid import UUID

import pytest

from sync.document import read_document
from sync.messages import Item
from tests import makers
from tests.world import World


async def _effect(world: World, entity: UUID) -> str:
    async with world.register.engine.reading() as tx:
        row = await tx.one("SELECT effect FROM entities WHERE entity = :id", id=entity.bytes)
    assert row is not None
    return row[0]


async def _correct(world: World, entity: UUID, base: UUID, **changes) -> UUID:
    return await world.owner.send(
        "stay", changes.pop("body"), revises=(entity, base), after=[base], **changes
    )


async def _stay(world: World) -> UUID:
    return await world.owner.send_stay(await world.owner.send_premises())


async def test_a_verdict_on_an_earlier_revision_leaves_the_current_one_pending(world: World):
    stay_id = await _stay(world)
    await _correct(world, stay_id, stay_id, body={"unit": "13"})
    await world.officer.review(stay_id, "accept", revision=stay_id)
    assert await _effect(world, stay_id) == "pending"


async def test_a_correction_after_a_return_is_pending_again_and_can_be_accepted(world: World):
    stay_id = await _stay(world)
    await world.officer.review(stay_id, "return", "wrong_unit")
    assert await _effect(world, stay_id) == "returned"
    revision = await _correct(world, stay_id, stay_id, body={"unit": "13"})
    assert await _effect(world, stay_id) == "pending"
    await world.officer.review(stay_id, "accept", revision=revision)
    assert await _effect(world, stay_id) == "accepted"


async def test_two_corrections_of_one_revision_are_kept_as_branches_until_settled(world: World):
    stay_id = await _stay(world)
    current = await _correct(world, stay_id, stay_id, body={"unit": "13"})
    branch = await _correct(world, stay_id, stay_id, body={"unit": "14"})
    assert await _effect(world, stay_id) == "conflict"
    await world.officer.review(stay_id, "accept", revision=current)
    assert await _effect(world, stay_id) == "conflict"
    await _correct(world, stay_id, current, body={"unit": "14"}, resolves=[branch])
    assert await _effect(world, stay_id) == "pending"


def _compose_correction(world: World, entity: UUID, base: UUID, unit: str) -> Item:
    return world.owner.compose("stay", {"unit": unit}, revises=(entity, base), after=[entity])


async def _unit(world: World, stay_id: UUID) -> str:
    return (await world.owner.read(f"/v1/stays/{stay_id}"))["body"]["unit"]


async def test_corrections_that_rest_on_each_other_may_come_in_one_push(world: World):
    stay_id = await _stay(world)
    first = _compose_correction(world, stay_id, stay_id, "13")
    second = _compose_correction(world, stay_id, read_document(first).id, "14")
    results = await world.owner.push(first, second)
    assert [one["custody"] for one in results] == ["stored", "stored"]
    assert (await _effect(world, stay_id), await _unit(world, stay_id)) == ("pending", "14")


async def test_what_rests_on_a_repeated_correction_that_is_current_no_more_is_a_branch(
    world: World,
):
    stay_id = await _stay(world)
    first = _compose_correction(world, stay_id, stay_id, "13")
    await world.owner.push(first)
    revision = read_document(first).id
    await _correct(world, stay_id, revision, body={"unit": "14"})
    late = _compose_correction(world, stay_id, revision, "15")
    results = await world.owner.push(first, late)
    assert [one["custody"] for one in results] == ["duplicate", "stored"]
    assert (await _effect(world, stay_id), await _unit(world, stay_id)) == ("conflict", "14")


async def test_a_correction_rests_on_no_revision_of_another_stay(world: World):
    stay_id, other_id = await _stay(world), await _stay(world)
    other = await _correct(world, other_id, other_id, body={"unit": "13"})
    [result] = await world.owner.push(_compose_correction(world, stay_id, other, "14"))
    assert result["problem"]["errors"] == [{"pointer": "/base", "code": "field.value"}]


async def test_the_stricter_of_two_verdicts_stands_until_one_names_the_other(world: World):
    stay_id = await _stay(world)
    strict = await world.officer.review(stay_id, "return", "wrong_unit")
    await world.officer.review(stay_id, "accept")
    assert await _effect(world, stay_id) == "returned"
    await world.officer.review(stay_id, "accept", resolves=[strict])
    assert await _effect(world, stay_id) == "accepted"


async def test_a_departed_stay_never_reopens(world: World):
    stay_id = await _stay(world)
    await world.owner.send(
        "departure",
        {"left_on": "2026-03-01", "reason": "left_country"},
        revises=(stay_id, stay_id),
        after=[stay_id],
    )
    revision = await _correct(world, stay_id, stay_id, body={"unit": "13"})
    await world.officer.review(stay_id, "accept", revision=revision)
    assert await _effect(world, stay_id) == "departed"


async def test_a_withdrawn_entry_stays_withdrawn(world: World):
    stay_id = await _stay(world)
    await world.owner.send(
        "withdrawal", {"reason": "entered_by_mistake"}, revises=(stay_id, stay_id), after=[stay_id]
    )
    await world.officer.review(stay_id, "accept")
    assert await _effect(world, stay_id) == "withdrawn"


async def test_a_second_withdrawal_changes_nothing(world: World):
    stay_id = await _stay(world)
    rest: Any = {"revises": (stay_id, stay_id), "after": [stay_id]}
    await world.owner.send("withdrawal", {"reason": "entered_by_mistake"}, **rest)
    first = await world.owner.read(f"/v1/stays/{stay_id}")
    await world.owner.send("withdrawal", {"reason": "other"}, **rest)
    second = await world.owner.read(f"/v1/stays/{stay_id}")
    assert second["withdrawal_reason"] == "entered_by_mistake"
    assert second["changed_pos"] == first["changed_pos"]
    assert [one["kind"] for one in second["history"]] == ["stay", "withdrawal", "withdrawal"]


async def test_the_same_person_entered_twice_is_a_duplicate_and_not_refused(world: World):
    premises_id = await world.owner.send_premises()
    first = await world.owner.send_stay(premises_id)
    second = await world.owner.send_stay(premises_id)
    assert await _effect(world, first) == "pending"
    assert await _effect(world, second) == "duplicate_of"


async def _refused_departure(world: World, left_on: str) -> Any:
    """Return the problem of a departure from a new stay on such a day."""
    stay_id = await _stay(world)
    item = world.owner.compose(
        "departure",
        {"left_on": left_on, "reason": "unknown"},
        revises=(stay_id, stay_id),
        after=[stay_id],
    )
    (result,) = await world.owner.push(item)
    assert read_document(item).id == UUID(result["id"])
    return result["problem"]


async def test_a_departure_before_the_arrival_is_refused_with_its_code(world: World):
    problem = await _refused_departure(world, "2026-01-01")
    assert problem["code"] == "stay.departed-before-arrival"


async def test_a_correction_to_an_arrival_after_the_departure_is_refused(world: World):
    stay_id = await _stay(world)
    departure = await world.owner.send(
        "departure",
        {"left_on": "2026-03-01", "reason": "left_country"},
        revises=(stay_id, stay_id),
        after=[stay_id],
    )
    for arrived_on, custody in (("2026-03-02", "rejected"), ("2026-03-01", "stored")):
        item = world.owner.compose(
            "stay", {"arrived_on": arrived_on}, revises=(stay_id, stay_id), after=[departure]
        )
        (result,) = await world.owner.push(item)
        assert result["custody"] == custody
    assert await _effect(world, stay_id) == "departed"


async def test_custody_rests_on_no_departure_that_the_author_did_not_know(world: World):
    correction = {"arrived_on": "2026-03-02", "unit": "12B"}
    departure = {"left_on": "2026-03-01", "reason": "left_country"}
    for acts in [
        [("departure", departure), ("stay", correction)],
        [("stay", correction), ("departure", departure)],
    ]:
        stay_id = await _stay(world)
        for kind, body in acts:
            await world.owner.send(kind, body, revises=(stay_id, stay_id), after=[stay_id])
        view = await world.owner.read(f"/v1/stays/{stay_id}")
        assert (view["effect"], view["body"]["unit"]) == ("departed", "12B")


async def test_a_day_of_leaving_is_a_day(world: World):
    problem = await _refused_departure(world, "open")
    assert problem["errors"] == [{"pointer": "/body/left_on", "code": "field.date"}]


async def test_a_date_nobody_knows_contradicts_nothing(world: World):
    premises_id = await world.owner.send_premises()
    stay_id = await world.owner.send_stay(premises_id, arrived_on="unknown")
    await world.owner.send(
        "departure",
        {"left_on": "unknown", "reason": "unknown"},
        revises=(stay_id, stay_id),
        after=[stay_id],
    )
    assert await _effect(world, stay_id) == "departed"


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("withdrawal", {"reason": "entered_by_mistake"}),
        ("departure", {"left_on": "2026-03-01", "reason": "left_country"}),
    ],
)
async def test_nobody_vanishes_when_the_first_of_two_entries_ends(
    world: World, kind: str, body: dict[str, Any]
):
    premises_id = await world.owner.send_premises()
    stays = [await world.owner.send_stay(premises_id) for _ in range(3)]
    await world.officer.review(stays[1], "accept")
    assert [await _effect(world, one) for one in stays] == ["pending", *["duplicate_of"] * 2]
    await world.owner.send(kind, body, revises=(stays[0], stays[0]), after=[stays[0]])
    assert [await _effect(world, one) for one in stays[1:]] == ["accepted", "duplicate_of"]
    last = await world.owner.read(f"/v1/stays/{stays[2]}")
    assert last["duplicate_of"] == str(stays[1])


async def test_what_ended_is_no_reason_to_leave_out_a_later_entry(world: World):
    premises_id = await world.owner.send_premises()
    first = await world.owner.send_stay(premises_id)
    body = {"left_on": "2026-03-01", "reason": "unknown"}
    await world.owner.send("departure", body, revises=(first, first), after=[first])
    assert await _effect(world, await world.owner.send_stay(premises_id)) == "pending"


async def test_entries_that_prove_to_be_of_two_people_count_both(world: World):
    premises_id = await world.owner.send_premises()
    first, second = [await world.owner.send_stay(premises_id) for _ in range(2)]
    await world.owner.send(
        "stay",
        {},
        disclosed={"document": makers.make_document("OTHER12345")},
        revises=(first, first),
        after=[first],
    )
    assert [await _effect(world, one) for one in (first, second)] == ["pending", "pending"]


async def test_a_phone_learns_of_the_entry_that_counts_again(world: World):
    premises_id = await world.owner.send_premises()
    first, second = [await world.owner.send_stay(premises_id) for _ in range(2)]
    cursor = (await world.officer.post("/v1/sync/pull", {})).json()["cursor"]
    body = {"reason": "entered_twice"}
    await world.owner.send("withdrawal", body, revises=(first, first), after=[first])
    changes = (await world.officer.post("/v1/sync/pull", {"cursor": cursor})).json()["changes"]
    effects = [(change["entity"], change["view"]["effect"]) for change in changes]
    assert effects == [(str(first), "withdrawn"), (str(second), "pending")]
