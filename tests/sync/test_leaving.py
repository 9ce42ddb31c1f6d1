"""A phone that was replaced: what it holds still arrives, and it hears nothing more."""

from pathlib import Path

import pytest

from api.submitting import submit
from tests.sync.way import Clock, phone, serving

NOW = 1_663_643_465_123
PREMISES = {"kind": "guesthouse", "capacity": "owner"}


@pytest.mark.parametrize(("reason", "last"), [("replaced", "received"), ("stolen", "queued")])
async def test_a_phone_brings_what_it_made_before_it_was_replaced(
    tmp_path: Path, reason: str, last: str
):
    clock = Clock(NOW)
    async with (
        serving(tmp_path / "register", clock) as (register, way),
        phone(tmp_path, way, clock) as device,
    ):
        await device.compose("premises", PREMISES)
        assert await device.run(2)
        await device.compose("premises", PREMISES)
        body = {"reason": reason, "kid": device.outbox.replica.kid}
        await submit(register, [register.composer.compose("revocation", body)])
        for _ in range(3):
            assert not await device.run()
            clock.ms += 400_000
        assert device.states() == ["confirmed", "confirmed", last]
