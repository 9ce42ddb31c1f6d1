"""A device that was told to wait waits, whatever happens to it meanwhile."""

import re
import time
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from sync.__main__ import send
from sync.outbox import open_outbox
from sync.states import Failed
from tests.sync.way import Clock, Phone, Way, answer, phone, serving

NOW = 1_663_643_465_123
PREMISES = {"kind": "guesthouse", "capacity": "owner"}


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW)


@pytest.fixture
async def way(tmp_path: Path, clock: Clock) -> AsyncGenerator[Way]:
    async with serving(tmp_path / "register", clock) as (_, way):
        yield way


@pytest.fixture
async def device(tmp_path: Path, way: Way, clock: Clock) -> AsyncGenerator[Phone]:
    async with phone(tmp_path, way, clock) as opened:
        yield opened


@pytest.mark.parametrize("status", [429, 500, 502, 503, 507])
async def test_a_server_that_asks_for_patience_gets_it(
    device: Phone, way: Way, clock: Clock, status
):
    await device.compose("premises", PREMISES)
    way.then("/v1/sync/push", answer(status, Retry_After="120"))
    assert not await device.run()
    way.passed.clear()
    clock.ms += 119_000
    assert not await device.run()
    assert way.passed == []
    clock.ms += 3_000
    assert await device.run()
    assert device.states()[-1] == "received"


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        ("Tue, 20 Sep 2022 03:13:05 GMT", 120),
        ("Tue, 20 Sep 2022 03:00:00 GMT", 0),
        ("9" * 5_000, 3_600),
        ("soon", 0),
    ],
)
async def test_a_time_to_come_again_counts_from_the_answers_own_clock(
    device: Phone, way: Way, clock: Clock, told: str, seconds: int
):
    await device.compose("premises", PREMISES)
    way.then("/push", answer(503, Retry_After=told, Date="Tue, 20 Sep 2022 03:11:05 GMT"))
    assert not await device.run()
    link = device.outbox.replica.link
    assert link.not_before_ms == clock.ms + seconds * 1_000 + 1_000
    assert link.told_ms == (clock.ms + seconds * 1_000 if seconds else 0)


async def test_a_device_that_starts_anew_waits_as_long_as_it_was_told(
    tmp_path: Path, way: Way, clock: Clock
):
    async with phone(tmp_path, way, clock) as before:
        assert await before.run()
        await before.compose("premises", PREMISES)
        way.then("/v1/sync/push", answer(429, Retry_After="60"))
        assert not await before.run()
    way.passed.clear()
    clock.ms += 59_000
    async with phone(tmp_path, way, clock) as after:
        assert not await after.run()
        assert way.passed == []
        clock.ms += 1_000
        assert await after.run()
        assert after.states()[-1] == "confirmed"


async def test_a_script_is_told_how_long_the_register_said_to_wait(
    tmp_path: Path, way: Way, clock: Clock, capsys: pytest.CaptureFixture[str]
):
    path = tmp_path / "outbox.sqlite"
    async with phone(tmp_path, way, clock) as before:
        assert before.states() == ["queued"]
    async with open_outbox(path) as outbox:
        told = Failed(
            status=503, retry_after_seconds=600, at_ms=time.time_ns() // 1_000_000, random=0.0
        )
        await outbox.apply(told)
    assert await send(path, "http://127.0.0.1:9", "phone") == 75
    said = capsys.readouterr()
    assert said.out == "queued: 1\n"
    assert re.fullmatch(r"The register said to wait: (599|600) s\.\n", said.err)
