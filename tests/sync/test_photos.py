"""Photos are sent after the text, in parts, and only what the register lacks of them."""

from collections.abc import AsyncGenerator
from pathlib import Path

import httpx
import pytest

from sync.client import RequestFailed
from sync.messages import Arrival
from sync.photos import name_of, send_photo
from tests.blobs.photos import make_photo, open_photo
from tests.sync.way import Clock, Phone, Way, answer, lose_answer, phone, serving

PHOTO = make_photo((64, 48))
NAME = name_of(PHOTO)
PATH = f"/v1/blobs/{NAME}"
PART_BYTES = 300


@pytest.fixture
async def way(tmp_path: Path) -> AsyncGenerator[Way]:
    async with serving(tmp_path / "register", Clock(1_663_643_465_123)) as (_, way):
        yield way


@pytest.fixture
async def device(tmp_path: Path, way: Way) -> AsyncGenerator[Phone]:
    async with phone(tmp_path, way, Clock(1_663_643_465_123)) as opened:
        assert await opened.run()
        way.passed.clear()
        yield opened


async def test_a_photo_is_sent_and_sent_again_costs_one_question(device: Phone, way: Way):
    await send_photo(device.client, PHOTO, part_bytes=PART_BYTES)
    assert len(way.passed) == 1 + -(-len(PHOTO) // PART_BYTES)
    assert await device.client.measure_photo(NAME) == Arrival(len(PHOTO), is_complete=True)
    way.passed.clear()
    await send_photo(device.client, PHOTO)
    assert way.passed == [PATH]
    assert open_photo(await device.client.read_photo(NAME)).size == (64, 48)


async def test_a_photo_that_broke_off_goes_on_from_where_the_register_has_it(
    device: Phone, way: Way
):
    assert await device.client.send_part(NAME, PHOTO[:PART_BYTES], 0, len(PHOTO)) == Arrival(300)
    assert await device.client.send_part(NAME, PHOTO[:9], 0, len(PHOTO)) == Arrival(300)
    way.passed.clear()
    way.then(NAME, lose_answer)
    with pytest.raises(RequestFailed):
        await send_photo(device.client, PHOTO, part_bytes=PART_BYTES)
    await send_photo(device.client, PHOTO, part_bytes=len(PHOTO))
    assert way.passed == [PATH] * 3


async def test_parts_that_are_too_large_for_the_way_are_halved(device: Phone, way: Way):
    way.then(NAME, lambda request, pass_on: pass_on(request))
    way.then(NAME, answer(413))
    await send_photo(device.client, PHOTO, part_bytes=len(PHOTO))
    assert way.passed == [PATH] * 4


async def test_whoever_answers_in_place_of_the_register_took_no_photo(device: Phone, way: Way):
    for said in ({}, {"Upload-Offset": "-1"}, {"Upload-Offset": "x"}):
        way.then(NAME, answer(200, b"<html>Sign in</html>", **said))
        with pytest.raises(RequestFailed) as failed:
            await send_photo(device.client, PHOTO)
        assert failed.value.code == "answer.unreadable"


async def test_a_register_that_contradicts_itself_keeps_nobody_busy(device: Phone, way: Way):
    async def forget(request: httpx.Request, pass_on: object) -> httpx.Response:
        del request, pass_on
        return httpx.Response(204, headers={"Upload-Offset": "0"})

    for _ in range(100):
        way.then(NAME, forget)
    with pytest.raises(RequestFailed):
        await send_photo(device.client, PHOTO)
    assert len(way.passed) < 50


async def test_what_is_no_photo_is_refused_for_good(device: Phone):
    text = b"TEST DATA"
    for _ in range(2):
        with pytest.raises(RequestFailed) as failed:
            await send_photo(device.client, text)
        assert failed.value.status == 422
    with pytest.raises(RequestFailed) as unknown:
        await device.client.read_photo(name_of(text))
    assert unknown.value.status == 404
