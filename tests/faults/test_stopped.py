"""A register that is told to stop answers what it took, sends waiters home, and ends at once."""

import asyncio
from pathlib import Path

import pytest

from sync.messages import PullAnswer, PullRequest
from tests.faults.checker import NOTHING, check
from tests.faults.devices import Device, Fleet
from tests.faults.process import ServerProcess
from tests.faults.slow import CHECK_SECONDS, run_slowly
from tests.faults.way import Weather

# A poll that nobody sends home lasts 25; how fast a stop is, is no matter for a test.
POLL_SECONDS = 25
STOP_SECONDS_MAX = 20


async def test_a_stop_sends_long_polls_home_at_once(tmp_path: Path):
    server = ServerProcess(tmp_path / "register")
    async with server, Fleet(tmp_path, server.url, Weather(seed=13)) as fleet:
        await fleet.add(20)
        await fleet.finish()
        waiting = [asyncio.create_task(wait_for_news(device)) for device in fleet.devices]
        await asyncio.sleep(1)
        assert not any(poll.done() for poll in waiting)
        exit_code, seconds = await server.stop()
        polls = await asyncio.gather(*waiting)
    assert exit_code == 0
    assert seconds < STOP_SECONDS_MAX
    assert not any(poll.changes for poll in polls)


async def test_a_stop_answers_what_was_taken(tmp_path: Path):
    server = ServerProcess(tmp_path / "register")
    async with server, Fleet(tmp_path, server.url, Weather(seed=19)) as fleet:
        await fleet.add(10)
        await fleet.finish()
        for device in fleet.devices:
            await device.save_stay(fleet.history)
        sending = [asyncio.create_task(device.exchange.send()) for device in fleet.devices]
        await fleet.history.until(lambda: fleet.history.attempts)
        exit_code, _ = await server.stop()
        await asyncio.gather(*sending)
        findings = check(fleet.history, await server.read_held())
        await server.start()
        await fleet.finish()
        await server.stop()
    assert exit_code == 0
    assert findings.broken == findings.damaged == []
    assert check(fleet.history, await server.read_held()) == NOTHING


async def test_a_stop_answers_a_push_whose_signatures_are_being_checked(tmp_path: Path):
    server = ServerProcess(tmp_path / "register", run_slowly)
    async with server, Fleet(tmp_path, server.url, Weather(seed=23)) as fleet:
        [device] = await fleet.add(1)
        await fleet.finish()
        for _ in range(20):
            await device.save_stay(fleet.history)
        sending = asyncio.create_task(device.exchange.send())
        await fleet.history.until(lambda: fleet.history.attempts)
        await asyncio.sleep(CHECK_SECONDS / 2)
        assert not sending.done()
        exit_code, _ = await server.stop()
        assert await sending
    assert exit_code == 0
    assert set(device.states) == {"confirmed", "received"}
    assert check(fleet.history, await server.read_held()) == NOTHING


HEAD = b"POST /v1/devices HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n"
WHOLE = b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n"


@pytest.mark.parametrize("sent", [HEAD, HEAD + b"\r\n{"])
async def test_who_is_still_sending_when_it_stops_is_told_to_come_again(
    tmp_path: Path, sent: bytes
):
    async with ServerProcess(tmp_path / "register") as server:
        # One that is kept open, as browsers do, and one in the middle.
        lines = [await asyncio.open_connection("127.0.0.1", server.port) for _ in range(2)]
        for (_, writer), data in zip(lines, (WHOLE, WHOLE + sent), strict=True):
            writer.write(data)
        for reader, _ in lines:
            await read_answer(reader)
        await asyncio.sleep(0.2)
        exit_code, seconds = await server.stop()
        kept, told = [await reader.read() for reader, _ in lines]
        for _, writer in lines:
            writer.close()
            await writer.wait_closed()
    assert (exit_code, kept) == (0, b"")
    assert told.startswith(b"HTTP/1.1 503 Service Unavailable\r\n")
    assert b"\r\nRetry-After: " in told
    assert b'"code":"overload"' in told
    assert seconds < STOP_SECONDS_MAX


async def read_answer(reader: asyncio.StreamReader) -> bytes:
    """Return one whole answer."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
    return head + await reader.readexactly(int(length))


async def wait_for_news(device: Device) -> PullAnswer:
    """Ask for changes and let the register wait for some."""
    return await device.client.pull(
        PullRequest(cursor=device.outbox.replica.cursor, wait=POLL_SECONDS)
    )
