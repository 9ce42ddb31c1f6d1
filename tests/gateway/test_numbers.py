"""The numbers (`seq`) of what the register signs: none stands in its log twice."""

import msgspec
import pytest

from api.database.migrate import MIGRATIONS_DIR
from api.ledger.composing import Composer
from api.ledger.reading_store import find_number
from sync.document import read_document, uuid7
from tests import makers
from tests.explaining import Explaining
from tests.gateway.asking import ask, declare_premises, make_premises, make_stay
from tests.makers import LOG
from tests.world import World


async def restart(world: World) -> Composer:
    """Return a composer that knows only what the register holds, as after a restart."""
    composer = Composer(LOG, world.register.keys, world.clock)
    await composer.resume(world.register.engine)
    return composer


def number(composer: Composer) -> int:
    return read_document(composer.rehearse("beacon", {})).payload.seq


async def list_numbers(world: World) -> list[int]:
    async with world.register.engine.reading() as tx:
        rows = await tx.all(
            'SELECT p.bytes FROM payloads p JOIN entries e ON e.id = p.id WHERE e."by" = :kid'
            " ORDER BY e.pos",
            kid=world.register.keys.gateway_kid,
        )
    return [msgspec.json.decode(row[0])["seq"] for row in rows]


@pytest.mark.sqlite
async def test_after_refusals_and_a_restart_no_number_is_given_twice(world: World):
    for _ in range(3):
        refused = await ask(world, "POST /v1/premises", make_premises(kind="castle"))
        assert refused.status_code == 422
    await declare_premises(world)
    numbers = await list_numbers(world)
    assert number(await restart(world)) == max(numbers) + 1
    assert len({*numbers}) == len(numbers)


@pytest.mark.sqlite
async def test_what_waits_keeps_its_number(world: World):
    waiting = await ask(world, "POST /v1/stays", {**make_stay(uuid7()), "place": makers.SANGKAT_4})
    assert waiting.status_code == 202, waiting.text
    assert number(await restart(world)) == number(world.register.composer)


async def test_a_dry_run_uses_no_number_up(world: World):
    before = number(world.register.composer)
    tried = await ask(world, "POST /v1/premises?dry_run=1", make_premises())
    assert tried.status_code == 200
    assert number(world.register.composer) == before


@pytest.mark.sqlite
async def test_a_start_does_not_walk_through_the_log(world: World):
    await declare_premises(world)
    async with world.register.engine.reading() as tx:
        explaining = Explaining(tx)
        assert await find_number(explaining, LOG, world.register.keys.gateway_kid) > 0
    assert len(explaining.plans) == 1
    assert explaining.plans[0].startswith("SEARCH numbers USING")


async def test_a_register_from_before_goes_on_above_every_number_that_it_used(world: World):
    await declare_premises(world)
    before = number(world.register.composer)
    text = (MIGRATIONS_DIR / "0011-numbers.sql").read_text()
    filling = text[text.index("INSERT INTO numbers") :]
    async with world.register.engine.writing() as tx:
        await tx.run("DELETE FROM numbers")
        await tx.run(filling)
    assert number(await restart(world)) > before
