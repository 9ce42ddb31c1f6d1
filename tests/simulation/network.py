"""The network of a history: what is lost, doubled, delayed or forged, and what was answered."""

import gzip
from collections.abc import Callable
from typing import Any, Final

import httpx
import msgspec

from sync.messages import Item

Said = list[dict[str, Any]]
PUSH: Final = "/v1/sync/push"
FATES: Final = (
    "lose-request",
    "lose-answer",
    "twice",
    "late",
    "busy",
    "forged",
    "stranger",
)


class Network(httpx.AsyncBaseTransport):
    """Passes requests to the register; the next request to a path may meet a fate."""

    def __init__(
        self, inner: httpx.AsyncBaseTransport, heard: Callable[[list[Item], Said], None]
    ) -> None:
        self.inner = inner
        self.others: dict[str, Network] = {}
        self.heard = heard
        self.fates: dict[str, str] = {}
        self.items_max: int | None = None
        self.late: list[httpx.Request] = []
        self.seen: list[str] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        if (other := self.others.get(request.url.host)) is not None:
            return await other.handle_async_request(request)
        if (
            path == PUSH
            and self.items_max is not None
            and len(read_items(request)) > self.items_max
        ):
            return httpx.Response(413)
        fate = self.fates.pop(path, "")
        if fate in ("lose-request", "late"):
            self.late += [copy(request)] if fate == "late" else []
            raise httpx.ConnectError(fate, request=request)
        if fate == "busy":
            return httpx.Response(503, headers={"Retry-After": "7"})
        if fate == "stranger":
            return httpx.Response(200, content=b"<html>Sign in to this Wi-Fi</html>")
        return await self._answer(request, fate)

    async def _answer(self, request: httpx.Request, fate: str) -> httpx.Response:
        response = await self._pass_on(request)
        if fate == "twice":
            response = await self._pass_on(request)
        if fate == "lose-answer":
            raise httpx.ReadError(fate, request=request)
        if fate == "forged" and request.url.path == PUSH and response.is_success:
            return self._forge(response)
        return response

    async def deliver_late(self, number: int) -> None:
        """Let a request arrive that everybody had given up."""
        await self._pass_on(self.late.pop(number % len(self.late)))

    async def _pass_on(self, request: httpx.Request) -> httpx.Response:
        response = await self.inner.handle_async_request(copy(request))
        await response.aread()
        if request.url.path == PUSH and response.is_success:
            results: Said = msgspec.json.decode(response.content)["results"]
            self.heard(read_items(request), results)
            self.seen += [result["receipt"] for result in results if result.get("receipt")]
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
    return httpx.Request(request.method, request.url, headers=headers, content=request.content)


def read_items(request: httpx.Request) -> list[Item]:
    """Return what a push brings."""
    return msgspec.json.decode(gzip.decompress(request.content), type=_Push).items


class _Push(msgspec.Struct):
    items: list[Item]
