"""Identical requests at the same moment: the same receipt, one entry, never a false refusal."""

import asyncio

from sync.document import uuid7
from tests.gateway.asking import ask, declare_premises, list_entries, make_premises, make_stay
from tests.makers import SANGKAT_4
from tests.world import World

ROUNDS = 200


async def test_two_identical_first_requests_get_one_receipt_and_one_entry(world: World):
    premises_id = await declare_premises(world)
    for _ in range(ROUNDS):
        key, stay = uuid7(), make_stay(premises_id)
        first, second = await asyncio.gather(
            ask(world, "POST /v1/stays", stay, key=key),
            ask(world, "POST /v1/stays", stay, key=key),
        )
        assert (first.status_code, second.status_code) == (201, 201)
        assert first.json()["receipt"] == second.json()["receipt"]
        replayed = [one.headers.get("Idempotency-Replayed") for one in (first, second)]
        assert sorted(map(str, replayed)) == ["None", "true"]
    entries = await list_entries(world)
    assert sum(kind == "stay" for _, _, kind, _ in entries) == ROUNDS


async def test_the_same_holds_while_they_wait_for_their_premises(world: World):
    premises_id = uuid7()
    stay, key = make_stay(premises_id, place=SANGKAT_4), uuid7()
    waiting = [ask(world, "POST /v1/stays", stay, key=key) for _ in range(8)]
    arriving = ask(world, "POST /v1/premises", make_premises(), key=premises_id)
    *answers, premises = await asyncio.gather(*waiting, arriving)
    assert premises.status_code == 201
    assert {answer.status_code for answer in answers} <= {201, 202}
    assert (await ask(world, "POST /v1/stays", stay, key=key)).status_code == 201
    assert sum(kind == "stay" for _, _, kind, _ in await list_entries(world)) == 1


async def test_other_content_under_the_same_key_never_gets_the_receipt(world: World):
    for _ in range(20):
        key = uuid7()
        bodies = [make_premises(village=village) for village in ("Phum 1", "Phum 2")]
        answers = await asyncio.gather(
            *(ask(world, "POST /v1/premises", body, key=key) for body in bodies)
        )
        assert sorted(answer.status_code for answer in answers) == [201, 409]
