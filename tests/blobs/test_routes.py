"""A photo arrives in parts, once, and is seen by those who may see its premises and nobody else."""

import asyncio

import pytest

from tests.blobs.photos import (
    LONG,
    PART,
    make_noise,
    make_photo,
    measure,
    name_of,
    open_photo,
    send_part,
    send_photo,
)
from tests.makers import SANGKAT_1, SANGKAT_4
from tests.world import Device, World

PHOTO = make_photo()
NAME = name_of(PHOTO)
UNKNOWN = "0" * 64


async def ask(world: World, device: Device, name: str = NAME) -> tuple[int, str | None, bool]:
    """Return what HEAD says: the status, how much is here, and whether that is all."""
    answer = await measure(device, name, world.http)
    headers = answer.headers
    return answer.status_code, headers.get("Upload-Offset"), "Upload-Complete" in headers


async def see(device: Device, name: str = NAME) -> int:
    return (await device.get(f"/v1/blobs/{name}")).status_code


async def test_nothing_is_known_of_a_photo_that_nobody_sent(world: World):
    assert await ask(world, world.owner, UNKNOWN) == (404, None, False)
    assert await see(world.owner, UNKNOWN) == 404
    for name in ("x", NAME.upper(), NAME + "0", NAME + "%0a"):
        assert await see(world.owner, name) == 400
        assert (await measure(world.owner, name, world.http)).status_code == 400
        sent = await send_part(world.owner, world.http, name, PHOTO, 0, len(PHOTO))
        assert sent.status_code == 400


async def test_what_is_no_part_of_a_photo_is_refused(world: World):
    path, headers = f"/v1/blobs/{NAME}", {**world.owner.headers, "Upload-Length": "9"}
    sent = {"Upload-Offset": "0", **headers}
    for more, code in (
        ({**sent, "Content-Type": "application/json"}, "request.media-type"),
        ({**sent, "Content-Type": "image/jpeg"}, "request.media-type"),
        (headers, "request.malformed"),
        ({**sent, "Upload-Offset": "-1"}, "request.malformed"),
    ):
        given = {"Content-Type": PART, **more}
        answer = await world.http.patch(path, content=b"TEST DATA", headers=given)
        assert answer.json()["code"] == code
    packed = {"Content-Encoding": "gzip", "Content-Type": PART}
    answer = await world.http.patch(path, content=b"x", headers={**sent, **packed})
    assert answer.status_code == 415
    assert await ask(world, world.owner) == (404, None, False)


async def test_bytes_are_taken_by_photos_alone(world: World):
    headers = {**world.owner.headers, "Content-Type": PART}
    answer = await world.http.post("/v1/sync/push", content=b"x", headers=headers)
    assert answer.status_code == 415


async def test_a_part_is_no_longer_than_the_limit_and_a_photo_neither(world: World):
    limits = (await world.http.get("/v1/sync/info")).json()["limits"]
    most, whole = limits["blob_part_bytes"], limits["blob_bytes"]
    long = await send_part(world.owner, world.http, UNKNOWN, bytes(most + 1), 0, most + 1)
    assert (long.status_code, long.json()["code"]) == (413, "request.too-large")
    for _ in range(2):
        large = await send_part(world.owner, world.http, UNKNOWN, b"x", 0, whole + 1)
        assert (large.status_code, large.json()["code"]) == (422, "blob.too-large")
    assert await ask(world, world.owner, UNKNOWN) == (404, None, False)


async def test_the_first_part_says_how_long_the_photo_is(world: World):
    answer = await send_part(world.owner, world.http, NAME, PHOTO[:100], 0)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == "/header/Upload-Length"


async def test_a_photo_goes_on_where_it_broke_off(world: World):
    half = len(PHOTO) // 2
    assert (await send_part(world.owner, world.http, NAME, PHOTO[:half], 0, len(PHOTO))).is_success
    assert await ask(world, world.owner) == (200, str(half), False)
    for offset in (0, half - 1, half + 1):
        wrong = await send_part(world.owner, world.http, NAME, PHOTO[half:], offset)
        assert (wrong.status_code, wrong.json()["code"]) == (409, "blob.offset")
        assert wrong.headers["Upload-Offset"] == str(half)
        assert wrong.json()["details"] == {"offset": str(half)}
    beyond = await send_part(world.owner, world.http, NAME, PHOTO, half)
    assert beyond.status_code == 400
    assert await see(world.owner) == 404
    last = await send_part(world.owner, world.http, NAME, PHOTO[half:], half)
    assert (last.status_code, last.headers["Upload-Complete"]) == (204, "?1")
    assert await ask(world, world.owner) == (200, str(len(PHOTO)), True)
    assert await see(world.owner) == 200


async def test_a_finished_photo_sent_again_is_answered_as_done(world: World):
    assert (await send_photo(world, world.owner, PHOTO)).is_success
    for offset in (0, 7, len(PHOTO)):
        again = await send_part(world.owner, world.http, NAME, PHOTO[:50], offset, len(PHOTO))
        assert (again.status_code, again.headers["Upload-Complete"]) == (204, "?1")


async def test_bytes_that_are_not_those_that_were_named_are_dropped_and_the_right_ones_taken(
    world: World,
):
    wrong = make_photo((320, 200))
    for _ in range(2):
        answer = await send_photo(world, world.owner, wrong, name=NAME)
        assert (answer.status_code, answer.json()["code"]) == (422, "blob.hash-differs")
        assert await see(world.owner) == 404
    shorter = await send_part(world.owner, world.http, NAME, b"", 0, len(PHOTO))
    assert shorter.is_success
    assert (await send_photo(world, world.owner, PHOTO)).is_success
    assert await see(world.owner) == 200


async def test_two_who_send_one_photo_at_once_bring_it_in_together(world: World):
    photo = make_noise()
    name, http = name_of(photo), world.http
    await send_part(world.owner, http, name, b"", 0, len(photo))

    async def send() -> None:
        while not (told := (await measure(world.owner, name, http)).headers).get("Upload-Complete"):
            offset = int(told["Upload-Offset"])
            part = photo[offset : offset + LONG]
            answer = await send_part(world.owner, http, name, part, offset)
            assert answer.status_code in (204, 409, 503), answer.text

    await asyncio.gather(*(send() for _ in range(4)))
    assert open_photo((await world.owner.get(f"/v1/blobs/{name}")).content).size == (500, 500)


async def test_a_photo_is_here_for_the_one_who_sent_it_alone_until_premises_name_it(world: World):
    assert (await send_photo(world, world.owner, PHOTO)).is_success
    other = await world.new_owner()
    assert await ask(world, other) == (404, None, False)
    for device in (other, world.officer, world.client):
        assert await see(device) == 404
    assert await see(world.owner) == 200


async def test_text_goes_first_and_whoever_sees_the_premises_sees_the_photo(world: World):
    premises_id = await world.owner.send_premises(photo=NAME)
    path = f"/v1/premises/{premises_id}"
    before = await world.officer.read(path)
    assert (before["body"]["photo"], before["photo_state"]) == (NAME, "waiting")
    assert await see(world.officer) == 404
    assert (await send_photo(world, world.owner, PHOTO)).is_success
    assert (await world.officer.read(path))["photo_state"] == "here"
    abroad = await world.new_officer(SANGKAT_1)
    for device, status in ((world.officer, 200), (world.client, 200), (abroad, 404)):
        assert await see(device) == status
    async with world.register.engine.reading() as tx:
        rows = await tx.all("SELECT action FROM audit WHERE action = 'photo.read'")
    assert len(rows) == 2


async def test_nobody_sees_a_photo_of_another_by_naming_it(world: World):
    await world.owner.send_premises(photo=NAME)
    assert (await send_photo(world, world.owner, PHOTO)).is_success
    other = await world.new_owner()
    premises_id = await other.send_premises(photo=NAME)
    assert (await other.read(f"/v1/premises/{premises_id}"))["photo_state"] == "waiting"
    assert await see(other) == 404
    assert (await send_photo(world, other, PHOTO)).is_success
    assert (await other.read(f"/v1/premises/{premises_id}"))["photo_state"] == "here"


@pytest.mark.parametrize("place", [SANGKAT_1, SANGKAT_4])
@pytest.mark.parametrize("sends", [False, True])
async def test_nobody_hides_a_photo_of_another_by_naming_it(world: World, place: str, sends: bool):
    program = await world.new_client(place)
    if sends:
        assert (await send_photo(world, program, PHOTO)).is_success
    content = {"place": place, "kind": "hotel", "capacity": "manager", "photo": NAME}
    keys = [f"018f3a10-0000-7000-8000-{n:012x}" for n in range(51)]
    for key in keys:
        made = await program.post("/v1/premises", content, **{"Idempotency-Key": key})
        assert made.is_success
    premises_id = await world.owner.send_premises(photo=NAME)
    assert str(premises_id) > max(keys)
    assert (await send_photo(world, world.owner, PHOTO)).is_success
    assert await see(world.officer) == 200
    assert await see(await world.new_officer(SANGKAT_1)) == (
        200 if sends and place == SANGKAT_1 else 404
    )


async def test_a_photo_whose_file_is_lost_is_shown_as_another_sent_it(world: World):
    senders = [world.owner, await world.new_owner()]
    for device in senders:
        await device.send_premises(photo=NAME)
        assert (await send_photo(world, device, PHOTO)).is_success
    files = sorted(world.register.settings.blobs_dir.glob("*/*/*.jpeg"))
    for file, status in zip(files, (200, 404), strict=True):
        file.unlink()
        assert await see(world.officer) == status


async def test_a_photo_that_was_taken_back_is_shown_to_nobody_else(world: World):
    premises_id = await world.owner.send_premises(photo=NAME)
    assert (await send_photo(world, world.owner, PHOTO)).is_success
    revises = (premises_id, premises_id)
    await world.owner.send("premises", {"photo": None}, revises=revises, after=[premises_id])
    assert "photo_state" not in await world.officer.read(f"/v1/premises/{premises_id}")
    assert (await see(world.officer), await see(world.owner)) == (404, 200)


async def test_a_program_declares_premises_with_a_photo(world: World):
    assert (await send_photo(world, world.client, PHOTO)).is_success
    key = "018f3a10-0000-7000-8000-0000000000b1"
    content = {"place": "psh-c-sangkat-4", "kind": "hotel", "capacity": "manager", "photo": NAME}
    answer = await world.client.post("/v1/premises", content, **{"Idempotency-Key": key})
    assert answer.json()["view"]["photo_state"] == "here"
    assert await see(world.officer) == 200


@pytest.mark.parametrize("photo", ["x", NAME.upper(), "photo.jpeg"])
async def test_premises_name_a_photo_by_its_hash_or_not_at_all(world: World, photo: str):
    item = world.owner.compose("premises", {"kind": "hotel", "capacity": "owner", "photo": photo})
    (result,) = await world.owner.push(item)
    errors = [{"pointer": "/body/photo", "code": "field.value"}]
    assert result["problem"]["errors"] == errors


async def test_a_key_that_was_replaced_still_sends_its_photos(world: World):
    await world.http.delete(
        f"/v1/devices/{world.owner.kid}?reason=replaced", headers=world.owner.headers
    )
    await world.owner.sign_in()
    assert (await send_photo(world, world.owner, PHOTO)).is_success
    assert await see(world.owner) == 401
