"""Two entries are one stay only where they are certainly of one person: nobody is hidden else."""

from typing import Any

import pytest

from tests.makers import make_document, make_identity
from tests.world import World


async def _send_two(world: World, document: dict[str, Any], *names: str) -> list[str | None]:
    """Enter people who show the same document on the same day; return whom each stands behind."""
    premises_id = await world.owner.send_premises()
    stays = [
        await world.owner.send_stay(
            premises_id, document=document, identity=make_identity(secondary=name)
        )
        for name in names
    ]
    views = [await world.officer.read(f"/v1/stays/{stay_id}") for stay_id in stays]
    return [view.get("duplicate_of") for view in views]


@pytest.mark.parametrize("number", ["unknown", "UNKNOWN", "none", "000000", "N/A", "មិនដឹង", "12"])
async def test_who_showed_no_number_is_nobody_elses_twin(world: World, number: str):
    document = make_document(number=number)
    assert await _send_two(world, document, "ANNA", "ANNA") == [None, None]
    fresh = await world.officer.read("/v1/review/fresh")
    codes = {mark["code"] for view in fresh["items"] for mark in view["marks"]}
    assert not codes & {"same_document_elsewhere", "overlapping_stays"}


async def test_a_child_in_its_mothers_passport_stands_on_the_list_beside_her(world: World):
    assert await _send_two(world, make_document(), "MOTHER", "CHILD") == [None, None]


async def test_the_same_person_entered_twice_counts_once(world: World):
    first, second = await _send_two(world, make_document(), "ANNA", "ANNA")
    assert first is None
    assert second is not None
