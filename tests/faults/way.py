"""The way from a device to the register over real HTTP: replies are lost, storms rage."""

import random
from functools import lru_cache
from ssl import SSLContext, create_default_context

import httpx

from tests.faults.history import History

STORM_RETRY_SECONDS = 1


@lru_cache
def trust_machine() -> SSLContext:
    """Return the authorities of the machine, which take a tenth of a second to read."""
    return create_default_context()


def open_way(trusting: SSLContext | None = None) -> httpx.AsyncHTTPTransport:
    """Return a real way, with or without TLS."""
    return httpx.AsyncHTTPTransport(verify=trusting or trust_machine())


class Weather:
    """What the ways of one run have in common; a test changes it while devices send."""

    def __init__(self, *, seed: int, lost: float = 0.0) -> None:
        """Lose this share of the replies."""
        self.chance = random.Random(seed)
        self.lost = lost
        self.is_storming = False
        self.lost_count = 0
        self.stormed_count = 0


class Way(httpx.AsyncBaseTransport):
    """Passes requests on and notes what came back, then loses some of it."""

    def __init__(
        self,
        history: History,
        weather: Weather,
        inner: httpx.AsyncHTTPTransport | None = None,
        *,
        trusting: SSLContext | None = None,
    ) -> None:
        """Trust the authorities of the machine, or those of a context, unless a way is given."""
        self._inner = inner or open_way(trusting)
        self._history = history
        self._weather = weather

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self._history.note_asked(request)
        if self._weather.is_storming:
            self._weather.stormed_count += 1
            headers = {"Retry-After": str(STORM_RETRY_SECONDS)}
            return httpx.Response(503, headers=headers, request=request)
        response = await self._inner.handle_async_request(request)
        response.request = request
        await response.aread()
        self._history.note_answered(request, response)
        if self._weather.chance.random() < self._weather.lost:
            self._weather.lost_count += 1
            raise httpx.ReadError("the reply was lost", request=request)
        return response

    async def aclose(self) -> None:
        await self._inner.aclose()
