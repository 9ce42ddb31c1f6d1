"""A register that is told to stop answers what it took, sends waiters home, and ends at once."""

import asyncio
from pathlib import Path

from sync.messages import PullRequest
from tests.faults.checker import NOTHING, check
from tests.faults.devices import Fleet
from tests.faults.process import ServerProcess
from tests.faults.way import Weather

STOP_SECONDS_MAX = 3


async def test_a_stop_answers_what_was_taken_and_does_not_wait_for_long_polls(tmp_path: Path):
    server = ServerProcess(tmp_path / "register")
    async with server, Fleet(tmp_path, server.url, Weather(seed=13)) as fleet:
        devices = await fleet.add(20)
        await fleet.finish()
        waiting = [
            asyncio.create_task(
                device.client.pull(PullRequest(cursor=device.outbox.replica.cursor, wait=25))
            )
            for device in devices[:10]
        ]
        await asyncio.sleep(0.5)
        assert not any(poll.done() for poll in waiting)
        for device in devices[10:]:
            await device.save_stay(fleet.history)
        sending = [asyncio.create_task(device.exchange.send()) for device in devices[10:]]
        await fleet.history.until(lambda: fleet.history.attempts)
        exit_code, seconds = await server.stop()
        polls = await asyncio.gather(*waiting)
        await asyncio.gather(*sending)
        await server.start()
        await fleet.finish()
        await server.stop()
    assert exit_code == 0
    assert seconds < STOP_SECONDS_MAX
    assert all(not poll.changes for poll in polls)
    assert check(fleet.history, server.database) == NOTHING
