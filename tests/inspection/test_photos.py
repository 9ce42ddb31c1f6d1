"""`sangkat verify` names photos that were lost, and proves the log all the same."""

from pathlib import Path

import pytest

from api.blobs.files import list_kept
from api.blobs.redrawing import find_broken
from tests.blobs.photos import make_noise, make_photo, name_of, send_photo
from tests.commands.served import sangkat
from tests.world import World

SIZES = ((64, 48), (65, 48), (66, 48), (67, 48))


@pytest.fixture
async def named(world: World) -> dict[str, str]:
    """Premises by the photo that they name."""
    premises: dict[str, str] = {}
    for size in SIZES:
        photo = make_photo(size)
        assert (await send_photo(world, world.owner, photo)).is_success
        if size != SIZES[-1]:
            premises[name_of(photo)] = str(await world.owner.send_premises(photo=name_of(photo)))
    await world.officer.send_premises(photo="0" * 64)
    return premises


def find_file(world: World, name: str) -> Path:
    blobs_dir = world.register.settings.blobs_dir
    return next(path for path in list_kept(blobs_dir) if path.name.startswith(name))


def verify(world: World) -> tuple[int, list[str]]:
    done = sangkat("verify", data=world.register.settings.data_dir)
    lines = done.stdout.splitlines()
    assert lines[-1].endswith("entries: chain, signatures, receipts and every table hold")
    return done.returncode, lines[:-1]


@pytest.mark.sqlite
async def test_photos_that_are_there_or_on_their_way_are_not_told(
    world: World, named: dict[str, str]
):
    find_file(world, name_of(make_photo(SIZES[-1]))).unlink()
    assert named
    assert verify(world) == (0, [])


@pytest.mark.sqlite
async def test_photos_that_are_gone_or_show_nothing_are_warned_of(
    world: World, named: dict[str, str]
):
    gone, emptied, cut = (find_file(world, name) for name in named)
    gone.unlink()
    emptied.write_bytes(bytes(emptied.stat().st_size))
    cut.write_bytes(cut.read_bytes()[:-200])
    ends = ("are gone", "show nothing", "show nothing")
    told = {
        f"warning: photo {name} of premises {premises_id}: its bytes {end}"
        for (name, premises_id), end in zip(named.items(), ends, strict=True)
    }
    code, lines = verify(world)
    assert (code, set(lines), len(lines)) == (0, told, 3)


async def test_a_photo_among_many_is_found_and_the_rest_go_on():
    whole = [make_photo(size) for size in SIZES]
    bad = make_noise()[:50_000]
    assert await find_broken([*whole, bad, *whole, b"", whole[0]]) == [4, 9]
