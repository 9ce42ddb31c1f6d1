"""How much of photos an account may have, and what goes with time."""

from pathlib import Path

import pytest

from api.blobs import rules
from api.blobs.keeping import sweep
from api.blobs.records import Allowance
from api.housekeeping import tidy_up
from tests.blobs.photos import make_photo, measure, name_of, send_part, send_photo
from tests.world import Device, World

PHOTO = make_photo()
NAME = name_of(PHOTO)
OTHER = make_photo((64, 48))


def list_files(world: World) -> list[Path]:
    folder = world.register.settings.blobs_dir
    return [path for path in folder.rglob("*") if path.is_file()]


async def begin(world: World, device: Device, name: str, length: int = 100) -> tuple[int, str]:
    answer = await send_part(device, world.http, name, b"x", 0, length)
    return answer.status_code, answer.json()["code"] if answer.is_error else ""


async def wait(world: World, days: float) -> None:
    world.clock.move(days=days)
    await world.sign_in_again()
    await tidy_up(world.register)


async def test_an_account_begins_so_many_photos_a_day(
    world: World, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(rules, "_UNVERIFIED", Allowance(rules.MIB, 2))
    names = [f"{n:064x}" for n in range(3)]
    said = [await begin(world, world.owner, name) for name in names]
    assert said == [(204, ""), (204, ""), (429, "overload.requests")]
    assert await begin(world, await world.new_owner(), names[2]) == (204, "")
    world.clock.move(days=1.1)
    await world.owner.sign_in()
    assert await begin(world, world.owner, names[2]) == (204, "")


async def test_what_is_unfinished_counts_with_its_whole_length(
    world: World, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(rules, "_UNVERIFIED", Allowance(rules.MIB, 20))
    assert await begin(world, world.owner, "a" * 64, rules.MIB - 100) == (204, "")
    assert await begin(world, world.owner, "b" * 64, 101) == (429, "overload.requests")
    assert await begin(world, world.owner, "c" * 64, 100) == (204, "")


async def test_what_grows_before_anything_of_it_came_counts_as_long_as_it_is(
    world: World, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(rules, "_UNVERIFIED", Allowance(rules.MIB, 20))
    for name in ("a" * 64, "b" * 64):
        assert await begin(world, world.owner, name, 1) == (422, "blob.hash-differs")
    assert await begin(world, world.owner, "a" * 64, rules.MIB) == (429, "overload.requests")
    assert await begin(world, world.owner, "a" * 64, rules.MIB - 1) == (204, "")
    assert await begin(world, world.owner, "b" * 64, 2) == (429, "overload.requests")


async def test_who_was_verified_and_programs_may_have_more():
    unverified, owner = rules.allow("owner", "unverified"), rules.allow("owner", "active")
    program = rules.allow("client", "active")
    assert unverified.bytes < owner.bytes < program.bytes
    assert unverified.begun_a_day < owner.begun_a_day < program.begun_a_day


async def test_what_nobody_goes_on_with_goes_after_a_week(world: World):
    await send_part(world.owner, world.http, NAME, PHOTO[:100], 0, len(PHOTO))
    await wait(world, 6.9)
    assert (await measure(world.owner, NAME, world.http)).headers["Upload-Offset"] == "100"
    await wait(world, 0.2)
    assert (await measure(world.owner, NAME, world.http)).status_code == 404
    assert list_files(world) == []


async def test_what_no_premises_name_goes_after_a_month_and_what_they_name_stays(world: World):
    premises_id = await world.owner.send_premises(photo=NAME)
    for photo in (PHOTO, OTHER):
        assert (await send_photo(world, world.owner, photo)).is_success
    for _ in range(2):
        await wait(world, 20)
    assert (await world.officer.get(f"/v1/blobs/{NAME}")).status_code == 200
    assert (await world.owner.get(f"/v1/blobs/{name_of(OTHER)}")).status_code == 404
    revises = (premises_id, premises_id)
    await world.owner.send("premises", {"photo": None}, revises=revises, after=[premises_id])
    await wait(world, 29)
    assert (await world.owner.get(f"/v1/blobs/{NAME}")).status_code == 200
    await wait(world, 2)
    assert (await world.owner.get(f"/v1/blobs/{NAME}")).status_code == 404
    assert list_files(world) == []


async def test_a_photo_whose_file_did_not_come_along_may_be_sent_anew(world: World):
    await world.owner.send_premises(photo=NAME)
    assert (await send_photo(world, world.owner, PHOTO)).is_success
    (path,) = list_files(world)
    path.unlink()
    assert (await world.officer.get(f"/v1/blobs/{NAME}")).status_code == 404
    told = await measure(world.owner, NAME, world.http)
    assert (told.headers["Upload-Offset"], "Upload-Complete" in told.headers) == ("0", False)
    assert (await send_photo(world, world.owner, PHOTO)).is_success
    assert (await world.officer.get(f"/v1/blobs/{NAME}")).status_code == 200


async def test_a_part_whose_file_did_not_come_along_is_not_believed(world: World):
    await send_part(world.owner, world.http, NAME, PHOTO[:100], 0, len(PHOTO))
    (path,) = list_files(world)
    path.write_bytes(b"")
    assert (await measure(world.owner, NAME, world.http)).headers["Upload-Offset"] == "0"
    assert (await send_photo(world, world.owner, PHOTO)).is_success


async def test_files_that_a_killed_register_left_go_at_the_next_start(world: World):
    assert (await send_photo(world, world.owner, PHOTO)).is_success
    await send_part(world.owner, world.http, name_of(OTHER), OTHER[:9], 0, len(OTHER))
    known = set(list_files(world))
    (kept,) = [path for path in known if path.suffix == ".jpeg"]
    for left in (kept.with_suffix(".part"), kept.with_name(f"{'0' * 64}-{'0' * 32}.jpeg")):
        left.write_bytes(b"TEST DATA")
    assert await sweep(world.register) == 2
    assert set(list_files(world)) == known


async def test_a_register_that_may_not_collect_takes_no_photo(world: World):
    gate = world.register.committer.gate
    gate.close(frozenset({"premises"}))
    answer = await send_photo(world, world.owner, PHOTO)
    gate.open()
    assert (answer.status_code, answer.json()["code"]) == (503, "register.not-set-up")
    assert list_files(world) == []
