"""The register behind nginx with TLS, by the files that are installed on a province's machine."""

import asyncio
import ssl
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from api.ledger.committer import now_ms
from api.limits import REGISTRATIONS
from tests.commands.served import mark_as_demonstration, served
from tests.deploy.fronting import (
    NAME,
    Front,
    check_nginx,
    fronted,
    make_certificate,
    read_upstream,
    write_nginx,
)
from tests.processes import find_free_port
from tests.world import Device, expect


@asynccontextmanager
async def open_client(front: Front, source: str = "127.0.0.1") -> AsyncIterator[httpx.AsyncClient]:
    """Speak TLS with nginx from one of this machine's addresses."""
    trusted = ssl.create_default_context(cafile=str(front.certificate))
    way = httpx.AsyncHTTPTransport(verify=trusted, local_address=source)
    async with httpx.AsyncClient(transport=way, base_url=front.url, timeout=40) as http:
        yield http


@pytest.fixture(scope="module", name="front")
def serve_behind(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    folder, port = tmp_path_factory.mktemp("fronted"), find_free_port()
    asyncio.run(mark_as_demonstration(folder / "data"))
    flags = ("--behind-proxy", "--port", str(port))
    with (
        fronted(folder / "nginx", port) as front,
        served(folder / "data", *flags, base_url=front.url),
    ):
        yield front


@pytest.mark.parametrize("folder", ["one-machine", "province"])
def test_nginx_takes_the_files(tmp_path: Path, folder: str):
    make_certificate(tmp_path)
    front = Front(8080, 8443, tmp_path / "fullchain.pem")
    assert check_nginx(write_nginx(tmp_path, front, read_upstream(folder))) == ""


async def test_plain_http_leads_to_https(front: Front):
    asked = f"http://127.0.0.1:{front.plain_port}/app/?x=1"
    async with httpx.AsyncClient() as http:
        answer = await http.get(asked, headers={"Host": NAME})
    assert (answer.status_code, answer.headers["location"]) == (308, f"https://{NAME}/app/?x=1")


async def test_the_app_and_the_headers_of_the_register_come_through_once(front: Front):
    async with open_client(front) as http:
        assert (await http.get("/app/")).headers["content-type"].startswith("text/html")
        answer = await http.get("/v1/places", headers={"Accept-Encoding": "br"})
    assert answer.is_success
    names = [name for name, _ in answer.headers.multi_items()]
    assert len(names) == len(set(names))
    assert answer.headers["strict-transport-security"] == "max-age=31536000"
    assert answer.headers["content-encoding"] == "br"


async def test_a_phone_registers_sends_and_waits_for_news_through_it(front: Front):
    async with open_client(front) as http:
        phone = Device(http, now_ms)
        await phone.register()
        premises_id = await phone.send_premises()
        page = await phone.read("/v1/premises")
        assert [one["id"] for one in page["items"]] == [str(premises_id)]
        cursor = expect(await phone.post("/v1/sync/pull", {}))["cursor"]
        news = {"cursor": cursor, "wait": 25}
        began = time.monotonic()
        waiting = asyncio.create_task(phone.post("/v1/sync/pull", news))
        await asyncio.sleep(1)
        assert not waiting.done()
        await phone.send_premises()
        assert len(expect(await waiting)["changes"]) == 1
        assert time.monotonic() - began < news["wait"]


async def test_an_address_is_counted_as_nginx_sees_it_whatever_it_says_of_itself(front: Front):
    claimed = [f"198.51.100.{n}" for n in range(REGISTRATIONS.count_max + 1)]
    async with open_client(front, "127.0.0.2") as http:
        seen = [await register(http, address) for address in claimed]
    assert seen == [201] * REGISTRATIONS.count_max + [429]
    async with open_client(front, "127.0.0.3") as http:
        assert await register(http, claimed[0]) == 201


async def register(http: httpx.AsyncClient, claimed: str) -> int:
    """Register a new key as somebody who says from where he comes; return the status."""
    http.headers["X-Forwarded-For"] = claimed
    phone = Device(http, now_ms)
    try:
        await phone.register()
    except AssertionError:
        return 429
    return 201
