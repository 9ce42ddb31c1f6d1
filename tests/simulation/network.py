"""The network of a history: what is lost, doubled, delayed or forged, and what was answered."""

import gzip
from collections.abc import Callable
from typing import Any, Final

import httpx
import msgspec

from sync.messages import Item
from tests.simulation.photos import Photos

Said = list[dict[str, Any]]
PUSH: Final = "/v1/sync/push"
PHOTOS: Final = "/v1/blobs/"
#: A fate finds a request by its path, and one about photos, whichever, by what it does.
ASK, PART = f"HEAD {PHOTOS}", f"PATCH {PHOTOS}"
PART_BYTES_NARROW: Final = 100
FATES: Final = (
    "lose-request",
    "lose-answer",
    "twice",
    "late",
    "busy",
    "forged",
    "stranger",
)


class KilledError(BaseException):
    """The program, or the register, ends here: nothing in it may go on."""


class Network(httpx.AsyncBaseTransport):
    """Passes requests to the register; the next request to a path may meet a fate."""

    def __init__(
        self,
        inner: httpx.AsyncBaseTransport,
        heard: Callable[[list[Item], Said], None],
        photos: Photos,
    ) -> None:
        self.inner = inner
        self.others: dict[str, Network] = {}
        self.heard = heard
        self.photos = photos
        self.fates: dict[str, str] = {}
        self.items_max: int | None = None
        self.late: list[httpx.Request] = []
        self.seen: list[str] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if (other := self.others.get(request.url.host)) is not None:
            return await other.handle_async_request(request)
        if self.items_max is not None and is_larger(request, self.items_max):
            return httpx.Response(413)
        fate = self.fates.pop(find_way(request), "")
        if fate in ("lose-request", "late"):
            self.late += [copy(request)] if fate == "late" else []
            raise httpx.ConnectError(fate, request=request)
        if fate == "busy":
            return httpx.Response(503, headers={"Retry-After": "7"})
        if fate == "stranger":
            return httpx.Response(200, content=b"<html>Sign in to this Wi-Fi</html>")
        return await self._answer(request, fate)

    async def _answer(self, request: httpx.Request, fate: str) -> httpx.Response:
        is_damaged = fate == "forged" and find_way(request) == PART
        response = await self._pass_on(damage(request) if is_damaged else request)
        if fate == "twice":
            response = await self._pass_on(request)
        if fate == "lose-answer":
            raise httpx.ReadError(fate, request=request)
        if fate == "forged" and request.url.path == PUSH and response.is_success:
            return self._forge(response)
        if fate == "forged" and find_way(request) == ASK:
            return httpx.Response(200, headers={"Upload-Offset": "9", "Upload-Complete": "?1"})
        return response

    async def deliver_late(self, number: int) -> None:
        """Let a request arrive that everybody had given up."""
        await self._pass_on(self.late.pop(number % len(self.late)))

    async def _pass_on(self, request: httpx.Request) -> httpx.Response:
        if find_way(request) == PART:
            self.photos.send(request)
        response = await self.inner.handle_async_request(copy(request))
        await response.aread()
        if request.url.path == PUSH and response.is_success:
            results: Said = msgspec.json.decode(response.content)["results"]
            self.heard(read_items(request), results)
            self.seen += [result["receipt"] for result in results if result.get("receipt")]
        if find_way(request) in (ASK, PART):
            self.photos.hear(request, response)
        return response

    def _forge(self, response: httpx.Response) -> httpx.Response:
        """Say of everything that it is stored, with a receipt that belongs to something else."""
        said = msgspec.json.decode(response.content)
        receipt = self.seen[0] if self.seen else "e30.e30.AA"
        for result in said["results"]:
            result |= {"custody": "stored", "receipt": receipt}
        return httpx.Response(200, content=msgspec.json.encode(said))


def copy(request: httpx.Request) -> httpx.Request:
    """Return a request that may be sent again; what is answered need not be compressed."""
    headers = httpx.Headers(request.headers)
    headers["Accept-Encoding"] = "identity"
    return httpx.Request(
        request.method,
        request.url,
        headers=headers,
        content=request.content,
        extensions=request.extensions,
    )


def damage(request: httpx.Request) -> httpx.Request:
    """Return the same request with other bytes, as many."""
    damaged = bytes(byte ^ 1 for byte in request.content)
    headers, extensions = request.headers, request.extensions
    return httpx.Request(
        request.method, request.url, headers=headers, content=damaged, extensions=extensions
    )


def find_way(request: httpx.Request) -> str:
    """Return what a fate finds a request by."""
    path = request.url.path
    return f"{request.method} {PHOTOS}" if path.startswith(PHOTOS) else path


def is_larger(request: httpx.Request, items_max: int) -> bool:
    """Say whether a request is larger than what something on the way lets through."""
    if find_way(request) == PART:
        return len(request.content) > items_max * PART_BYTES_NARROW
    return request.url.path == PUSH and len(read_items(request)) > items_max


def read_items(request: httpx.Request) -> list[Item]:
    """Return what a push brings."""
    return msgspec.json.decode(gzip.decompress(request.content), type=_Push).items


class Line(httpx.AsyncBaseTransport):
    """One device's way into the network, which knows whose requests these are."""

    def __init__(self, network: Network, name: str) -> None:
        self._network = network
        self._name = name
        self.messages_left: int | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self.messages_left is not None:
            self.messages_left -= 1
            if self.messages_left < 0:
                raise KilledError
        request.extensions["by"] = self._name
        return await self._network.handle_async_request(request)


class _Push(msgspec.Struct):
    items: list[Item]
