"""Of several entries of one stay the owner's own counts, and a program learns nothing of it."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from api.commands.verify import verify
from sync.document import uuid7
from tests import makers
from tests.gateway.asking import ask, make_stay
from tests.makers import SANGKAT_4, Fields
from tests.world import World, expect, open_world

LEFT = {"left_on": "2026-03-01", "reason": "left_country"}
STANDING = "019b8b74-1800-7000-8000-000000002026"
RIGHT, WRONG = makers.make_document("L898902C3"), makers.make_document("L898902C4")


@pytest.fixture
async def other(tmp_path: Path) -> AsyncIterator[World]:
    """A register that is like the first."""
    async with open_world(tmp_path / "other") as opened:
        yield opened


async def enter(world: World, premises_id: UUID, by: Any, **changes: Any) -> UUID:
    """Enter a stay without a signature of one's own."""
    answer = await ask(world, "POST /v1/stays", make_stay(premises_id, **changes), by=by)
    return UUID(expect(answer)["id"])


async def read_effects(world: World, *stays: UUID) -> list[str]:
    return [(await world.officer.read(f"/v1/stays/{one}"))["effect"] for one in stays]


async def check_folds(world: World) -> None:
    """Fold the log anew: every table has to be as it is."""
    wrong, _ = await verify(world.register.settings, ())
    assert wrong == 0


async def test_a_name_parted_otherwise_is_the_same_name(world: World):
    premises_id = await world.owner.send_premises()
    parted = (("NGUYEN", "THI MAI"), ("NGUYEN THI MAI", ""), ("NGUYEN", "THI LAN"))
    stays = [
        await enter(
            world,
            premises_id,
            world.client,
            identity=makers.make_identity(primary=one, secondary=two),
        )
        for one, two in parted
    ]
    effects = await read_effects(world, *stays)
    assert [effect == "duplicate_of" for effect in effects] == [False, True, False]


@pytest.mark.parametrize("first", ["program", "paper", "signed by a program"])
async def test_what_an_owner_signed_counts_before_what_others_entered_first(
    world: World, first: str
):
    premises_id = await world.owner.send_premises()
    if first == "signed by a program":
        entered = await world.client.send_stay(premises_id)
    else:
        by = world.client if first == "program" else world.officer
        entered = await enter(world, premises_id, by)
    assert await read_effects(world, entered) == ["pending"]
    own = await world.owner.send_stay(premises_id)
    assert await read_effects(world, entered, own) == ["duplicate_of", "pending"]
    again = await world.owner.send_stay(premises_id)
    assert await read_effects(world, own, again) == ["pending", "duplicate_of"]
    await world.officer.review(entered, "accept")
    assert await read_effects(world, entered, own) == ["duplicate_of", "pending"]
    for one, left in ((own, [entered, again]), (again, [entered])):
        await world.owner.send("departure", LEFT, revises=(one, one), after=[one])
        assert (await read_effects(world, *left))[-1] != "duplicate_of"
    await check_folds(world)


async def test_an_entry_that_is_pushed_aside_is_told_again(world: World):
    premises_id = await world.owner.send_premises()
    entered = await enter(world, premises_id, world.officer)
    page = expect(await world.officer.post("/v1/sync/pull", {}))
    own = await world.owner.send_stay(premises_id)
    page = expect(await world.officer.post("/v1/sync/pull", {"cursor": page["cursor"]}))
    told = {change["entity"]: change["effect"] for change in page["changes"]}
    assert told == {str(own): "pending", str(entered): "duplicate_of"}


async def look(world: World, stay_id: UUID) -> list[Any]:
    """Return what a program is told of a stay, wherever it may ask."""
    client, home = world.client, f"/v1/communes/{SANGKAT_4}/inbox"
    view = await client.read(f"/v1/stays/{stay_id}")
    pages = [
        await client.read(path, **asked, limit=limit)
        for limit in (1, 2, 50)
        for path, asked in (
            ("/v1/stays", {"effect": "pending"}),
            ("/v1/stays", {"effect": "duplicate_of"}),
            ("/v1/stays", {}),
            (home, {}),
        )
    ]
    listed = [([one["unit"] for one in bodies(page)], page["next"] is None) for page in pages]
    pulled = expect(await client.post("/v1/sync/pull", {}))
    effects = {one["effect"] for one in pulled["snapshot"] if one["kind"] == "stay"}
    return [view["effect"], view.get("duplicate_of"), view.get("marks"), listed, effects]


def bodies(page: Fields) -> list[Fields]:
    return [one["body"] for one in page["items"] if one["kind"] == "stay"]


async def test_a_program_does_not_learn_that_it_guessed_a_number(world: World, other: World):
    told: list[list[Any]] = []
    for one, guess in ((world, RIGHT), (other, WRONG)):
        premises_id = await one.owner.send_premises()
        for number in range(3):
            document = makers.make_document(f"TESTDATA{number}")
            await one.owner.send_stay(premises_id, document=document, unit=f"{number}")
        hidden = await one.owner.send_stay(premises_id, document=RIGHT, unit="hidden")
        cursor = expect(await one.client.post("/v1/sync/pull", {}))["cursor"]
        guessed = await enter(one, premises_id, one.client, document=guess, unit="guess")
        seen = await look(one, guessed)
        for _ in range(2):
            await one.owner.send("withdrawal", {"reason": "other"}, revises=(hidden, hidden))
            page = expect(await one.client.post("/v1/sync/pull", {"cursor": cursor}))
            cursor = page["cursor"]
            seen.append([(change["kind"], change["effect"]) for change in page["changes"]])
        told.append([*seen, *await look(one, guessed)])
        police = await one.officer.read("/v1/stays", effect="duplicate_of")
        assert police["items"] == []
    assert told[0] == told[1]


async def test_the_police_are_told_which_entry_counts(world: World):
    premises_id = await world.owner.send_premises()
    own = await world.owner.send_stay(premises_id)
    entered = await enter(world, premises_id, world.client)
    view = await world.officer.read(f"/v1/stays/{entered}")
    assert view["duplicate_of"] == str(own)
    page = await world.officer.read("/v1/stays", effect="duplicate_of")
    assert [one["id"] for one in page["items"]] == [str(entered)]


async def test_no_officer_rewrites_paper_that_its_owner_corrected(world: World):
    premises_id = await world.owner.send_premises()
    stay_id = await enter(world, premises_id, world.officer)
    first = await ask(
        world,
        f"PATCH /v1/stays/{stay_id}",
        {"unit": "13"},
        by=world.officer,
        If_Match=f'"{stay_id}"',
    )
    base = UUID(expect(first)["view"]["revision"])
    signed = await world.owner.send("stay", {"unit": "14"}, revises=(stay_id, base), after=[base])
    for request, body in (
        (f"PATCH /v1/stays/{stay_id}", {"unit": "15"}),
        (f"POST /v1/stays/{stay_id}/departure", LEFT),
        (f"POST /v1/stays/{stay_id}/withdrawal", {"reason": "entered_twice"}),
    ):
        answer = await ask(world, request, body, by=world.officer, If_Match=f'"{signed}"')
        assert (answer.status_code, answer.json()["code"]) == (403, "not-allowed")
    view = await world.officer.read(f"/v1/stays/{stay_id}")
    assert (view["body"]["unit"], view["grade"]) == ("14", "paper")
    await world.officer.review(stay_id, "return", "wrong_unit", revision=signed)
    await check_folds(world)


async def read_coverage(world: World) -> tuple[int, int]:
    coverage = await world.officer.read("/v1/coverage", order_id=STANDING)
    (row,) = coverage["orders"][0]["communes"]
    return row["declared"], row["nil"]


async def test_a_program_does_not_replace_what_an_owner_declared(world: World):
    await world.verify(world.owner)
    premises_id = await world.owner.send_premises()
    nobody = makers.make_declaration(premises_id, STANDING)
    some = makers.make_declaration(premises_id, STANDING, (uuid7(),))
    expect(await ask(world, "POST /v1/declarations", nobody))
    assert await read_coverage(world) == (1, 1)
    await world.owner.send("declaration", some)
    assert await read_coverage(world) == (1, 0)
    expect(await ask(world, "POST /v1/declarations", nobody))
    expect(await ask(world, "POST /v1/declarations", nobody, by=world.officer))
    await world.client.send("declaration", nobody)
    assert await read_coverage(world) == (1, 0)
    marks = (await world.officer.read(f"/v1/premises/{premises_id}"))["marks"]
    assert [one["params"]["declared"] for one in marks if one["code"] == "count_differs"] == [1]
    await world.owner.send("declaration", nobody)
    assert await read_coverage(world) == (1, 1)
    await check_folds(world)


async def test_paper_renews_what_an_owner_declared_long_ago(world: World):
    await world.verify(world.owner)
    premises_id = await world.owner.send_premises()
    some = makers.make_declaration(premises_id, STANDING, (uuid7(),))
    await world.owner.send("declaration", some)
    world.clock.move(days=60)
    await world.sign_in_again()
    assert await read_coverage(world) == (0, 0)
    nobody = makers.make_declaration(premises_id, STANDING)
    expect(await ask(world, "POST /v1/declarations", nobody, by=world.officer))
    assert await read_coverage(world) == (1, 1)
