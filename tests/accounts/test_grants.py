"""Rights are given once and never corrected, and nobody becomes the register."""

from uuid import UUID

import pytest

from sync.document import uuid7
from tests.accounts.test_authority import read_code
from tests.makers import LOG, SANGKAT_1
from tests.world import World


@pytest.mark.parametrize("kind", ["account", "grant", "verification", "revocation"])
async def test_what_gives_and_takes_rights_is_never_corrected(world: World, kind: str):
    """An owner whose invitation gave him a role must not write the grant of it anew."""
    code = await world.invite("owner", SANGKAT_1)
    invited = await world.new_owner(invitation=code)
    async with world.register.engine.reading() as tx:
        rows = await tx.all("SELECT entity FROM entities WHERE kind = 'grant' ORDER BY created_pos")
    grant_id = UUID(bytes=rows[-1][0])
    premises_id = await invited.send_premises()
    for entity in (grant_id, invited.account_id, premises_id):
        body = {"role": "province", "places": [LOG]}
        item = invited.compose(kind, body, revises=(entity, entity), after=[entity])
        assert await read_code(invited, item) in {"schema", "not-allowed"}
    (account,) = [one for one in await _list_accounts(world) if one[0] == invited.account_id]
    assert account[1] == "owner"


async def test_a_signed_pledge_is_superseded_and_never_amended(world: World):
    item = world.owner.compose("pledge", {"read_aloud": True}, revises=(uuid7(), uuid7()))
    (result,) = await world.owner.push(item)
    assert result["problem"]["errors"] == [{"pointer": "/base", "code": "field.value"}]


@pytest.mark.parametrize("whose", ["register", "officer", "client", "owner"])
async def test_a_role_is_given_once_and_to_a_new_account(world: World, whose: str):
    await world.owner.send_premises()
    before = await _list_accounts(world)
    (target,) = [account_id for account_id, role in before if role == whose]
    body = {"account_id": target, "role": "province", "places": [LOG]}
    await world.submit(world.register.composer.compose("grant", body, after=[target]))
    assert await _list_accounts(world) == before


async def test_nobody_is_made_the_register(world: World):
    newcomer = await world.new_owner()
    before = await _list_accounts(world)
    body = {"account_id": newcomer.account_id, "role": "register"}
    await world.submit(world.register.composer.compose("grant", body, after=[newcomer.account_id]))
    assert await _list_accounts(world) == before


async def _list_accounts(world: World) -> list[tuple[UUID, str]]:
    async with world.register.engine.reading() as tx:
        rows = await tx.all("SELECT account_id, role FROM accounts ORDER BY account_id")
    return [(UUID(bytes=account_id), role) for account_id, role in rows]
