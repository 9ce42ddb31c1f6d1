"""A register that is told to stop answers what it took, sends waiters home, and ends at once."""

import asyncio
from pathlib import Path

from sync.messages import PullAnswer, PullRequest
from tests.faults.checker import NOTHING, check
from tests.faults.devices import Device, Fleet
from tests.faults.process import ServerProcess
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
        findings = check(fleet.history, server.database)
        await server.start()
        await fleet.finish()
        await server.stop()
    assert exit_code == 0
    assert findings.broken == findings.damaged == []
    assert check(fleet.history, server.database) == NOTHING


async def wait_for_news(device: Device) -> PullAnswer:
    """Ask for changes and let the register wait for some."""
    return await device.client.pull(
        PullRequest(cursor=device.outbox.replica.cursor, wait=POLL_SECONDS)
    )
