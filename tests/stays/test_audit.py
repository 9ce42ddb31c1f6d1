"""A look at a person by the police is put down; an owner looks at his own unwatched."""

from uuid import UUID

import pytest

from api.audit.rules import find_break
from api.audit.store import list_looks
from tests.makers import LOG
from tests.world import World


async def looks(world: World) -> list[tuple[str, UUID | None]]:
    async with world.register.engine.reading() as tx:
        rows = await list_looks(tx, LOG)
    assert find_break(LOG, rows) is None
    return [(row.look.action, row.look.subject) for row in rows]


async def test_the_police_leave_a_trace_and_the_owner_does_not(world: World):
    premises_id = await world.owner.send_premises()
    stay_id = await world.owner.send_stay(premises_id)
    await world.owner.read(f"/v1/stays/{stay_id}")
    await world.owner.read(f"/v1/premises/{premises_id}")
    assert await looks(world) == []
    await world.officer.read(f"/v1/stays/{stay_id}")
    await world.officer.read(f"/v1/premises/{premises_id}")
    assert await looks(world) == [("stay.read", stay_id), ("premises.read", premises_id)]


async def test_nobody_takes_back_that_he_looked(world: World):
    premises_id = await world.owner.send_premises()
    await world.officer.read(f"/v1/premises/{premises_id}")
    for statement in ("DELETE FROM audit", "UPDATE audit SET reason = 'TEST DATA'"):
        with pytest.raises(Exception, match="append-only"):
            async with world.register.engine.writing() as tx:
                await tx.run(statement)
