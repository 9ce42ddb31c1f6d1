"""A phone at the wrong province's register is shown the way to its own, and loses nothing."""

import json
from typing import Final

from playwright.async_api import Route, expect

from tests.commands.served import Served
from tests.journeys.acts import declare_premises, register, send_all
from tests.journeys.conftest import NewPhone, read_log
from tests.journeys.looking import AXE, list_faults

_PROBLEM: Final = {
    "type": "urn:sangkat:problem:log.elsewhere",
    "title": "Another register keeps this log",
    "status": 421,
    "code": "log.elsewhere",
    "errors": [],
    "request_id": "TEST",
    "retryable": False,
    "details": {"base_url": "https://kep.example"},
}


async def test_the_way_to_the_right_register_is_shown_and_the_queue_stays(
    server: Served, new_phone: NewPhone
):
    owner = new_phone()
    await owner.switch_on()
    await owner.load_once()
    await owner.context.add_init_script(path=AXE)

    async def refuse(route: Route) -> None:
        said = json.dumps(_PROBLEM)
        await route.fulfill(status=421, content_type="application/problem+json", body=said)

    await owner.context.route("**/v1/devices", refuse)
    await register(owner, "TEST DATA Owner")
    await declare_premises(owner)
    link = owner.at("sync-moved")
    await expect(link).to_have_attribute("href", "https://kep.example/app/")
    await expect(owner.at("sync-state").first).to_have_attribute("data-state", "elsewhere")
    await expect(owner.at("sync-state").first).to_have_attribute("data-waiting", "2")
    await owner.open("/app/")
    await link.wait_for()
    assert await list_faults(owner.page) == []

    await owner.context.unroute("**/v1/devices")
    await send_all(owner)
    await expect(link).to_have_count(0)
    assert len(read_log(server, "premises")) == 1
