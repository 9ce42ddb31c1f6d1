"""Who really asks when a proxy stands in front; apart because only `--behind-proxy` believes it."""

import ipaddress
from typing import Final

from litestar.types import ASGIApp, Receive, Scope, Send

_SCHEMES: Final = (b"http", b"https")


class BehindProxy:
    """Takes client and scheme from what the nearest proxy wrote, and from nobody else.

    A proxy appends to `X-Forwarded-For`: only the last address is its own word, everything before
    it may be the client's. `Forwarded` is not read, because many proxies pass on a client's.
    """

    def __init__(self, app: ASGIApp) -> None:
        """Stand in front of an application."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on as it came to the proxy."""
        if scope["type"] == "http":
            headers = dict(scope["headers"])  # of a name that is repeated the last stays
            address = read_address(headers.get(b"x-forwarded-for", b""))
            if address is not None:
                scope["client"] = (address, 0)
            scheme = headers.get(b"x-forwarded-proto", b"").rpartition(b",")[2].strip().lower()
            if scheme in _SCHEMES:
                scope["scheme"] = scheme.decode()
        await self._app(scope, receive, send)


def read_address(forwarded_for: bytes) -> str | None:
    """Return the last address of an `X-Forwarded-For`, without its port; None when it is none."""
    last = forwarded_for.decode("latin-1").rpartition(",")[2].strip()
    host = last.partition("]")[0].removeprefix("[")
    if host.count(":") == 1:
        host = host.partition(":")[0]
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        return None
